"""``inspect``, ``export``, ``measures``, ``demo``, and what every command owes its user."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from sparsegraph.cli.choices import OF_READOUT
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES

Run = Callable[..., Any]


def test_help_is_light_and_quick() -> None:
    code = (
        "import sys, time; sys.argv = ['sparsegraph', '--help']\n"
        "from sparsegraph.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'numba', 'igraph', 'scipy', 'matplotlib', 'pandas', 'networkx'} & set(sys.modules)\n"
        "print('HEAVY', sorted(heavy), file=sys.stderr)\n"
    )
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "analyze" in answer.stdout
    assert answer.stderr.strip() == "HEAVY []"


def test_version(sparsegraph: Run) -> None:
    from sparsegraph import __version__

    assert sparsegraph("--version").out == f"sparsegraph {__version__}\n"


def test_inspect_shows_every_tensor(sparsegraph: Run, state_dict: Path) -> None:
    answer = sparsegraph("inspect", state_dict)
    assert answer.status == 0
    for name in ("fc1.weight", "fc2.weight", "fc3.weight"):
        assert name in answer.out
    made = json.loads(sparsegraph("inspect", state_dict, "--json").out)
    assert made["n_links"] == 768 + 1440 + 1200


def test_graphml_is_read_by_networkx(
    sparsegraph: Run, checkpoint: Path, small_net: LayeredGraph, tmp_path: Path
) -> None:
    target = tmp_path / "net.graphml"
    assert sparsegraph("export", checkpoint, "-o", target).status == 0
    read = nx.read_graphml(target)
    assert (read.number_of_nodes(), read.number_of_edges()) == (small_net.n_neurons, small_net.n_links)


def test_an_export_into_no_folder_is_refused_before_anything_is_read(
    sparsegraph: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("x.npz", "x.pt", "x.csv"):
        answer = sparsegraph("export", "nothing.pt", "-o", f"nodir/{name}")
        told = f"sparsegraph: nodir/{name}: there is no folder nodir; make it first\n"
        assert (answer.status, answer.out, answer.err) == (1, "", told)


@pytest.mark.parametrize("suffix", [".npz", ".pt"])
def test_what_is_exported_can_be_analysed(sparsegraph: Run, checkpoint: Path, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"net{suffix}"
    assert sparsegraph("export", checkpoint, "-o", target).status == 0
    totals = []
    for path in (checkpoint, target):
        answer = sparsegraph("analyze", path, "--json", "-m", "credit_paths")
        totals.append(json.loads(answer.out)["results"]["credit_paths"])
    assert totals[0]["total"] == totals[1]["total"]


def test_measures_are_listed(sparsegraph: Run) -> None:
    listed = sparsegraph("measures").out
    for name in ("sparsity", "degree", "powerlaw", "kshell", "credit_paths", "activity", "rank", "path_length"):
        assert name in listed


def test_trajectory_measures_are_listed_and_options_have_their_defaults(sparsegraph: Run) -> None:
    of_graphs, over_time = sparsegraph("measures").out.split("Over the snapshots of a run")
    assert "replicas=2500" in of_graphs
    for name in TRAJECTORY_MEASURES:
        assert f"\n{name} " in over_time
    assert "threshold=0.9" in over_time
    made = json.loads(sparsegraph("measures", "--json").out)
    assert {one["name"]: one["options"] for one in made["measures"]}["powerlaw"]["replicas"] == 2500
    assert [one["name"] for one in made["trajectory_measures"]] == list(TRAJECTORY_MEASURES)


def test_a_piped_page_has_the_width_of_columns(sparsegraph: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    for columns in ("160", "100", "40", "wide"):
        monkeypatch.setenv("COLUMNS", columns)
        widths.append(max(map(len, sparsegraph("measures").out.splitlines())))
    assert 100 < widths[0] <= 160
    assert widths[1] == widths[3] <= 100
    assert widths[2] <= 80


def test_demo_goes_the_whole_way(sparsegraph: Run, tmp_path: Path) -> None:
    target = tmp_path / "demo"
    answer = sparsegraph("demo", "-o", target, "--epochs", "2")
    assert answer.status == 0, answer.err
    assert sorted(p.name for p in target.iterdir()) == ["analysis.csv", "analysis.json", "degrees.svg", "run"]
    steps = answer.err.splitlines()
    assert "set digits seed 0: training, epoch 1 of 2" in steps
    assert any(step.startswith("set digits seed 0: epoch 2 of 2, ") for step in steps)
    assert any(step.endswith(": powerlaw") for step in steps)
    assert answer.err.replace("\n", "").isprintable()
    made = json.loads((target / "analysis.json").read_text())
    assert 0.9 <= made["results"]["sparsity"]["sparsity"] < 0.995


def test_progress_that_counts_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    from sparsegraph.cli.progress import steps

    for lines, told in ((False, ""), (True, "net: kshell\nnet: null model er: 1 of 9 draws\nnet: kshell\n")):
        with steps("net", lines=lines) as progress:
            for step in ("kshell", *(f"null model er: {i} of 9 draws" for i in range(1, 10)), "kshell"):
                progress(step)
        assert capsys.readouterr() == ("", told)


def test_a_closed_pipe_gives_no_traceback(checkpoint: Path) -> None:
    command = f"{sys.executable} -m sparsegraph analyze {checkpoint} -m sparsity | head -c 10"
    answer = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in answer.stderr


def test_help_names_every_measure_with_a_readout() -> None:
    named = set(OF_READOUT.replace(",", "").rstrip(".").split())
    assert {name for name in MEASURES if "readout" in MEASURES[name].options} == named & set(MEASURES)
