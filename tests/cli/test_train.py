"""``sparsegraph train`` and ``sweep`` as a user meets them."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.io.runs.run import open_run
from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions
from sparsegraph.training.sweep import Cell, run_sweep

Run = Callable[..., Any]
SMALL = ("--data", "digits", "--hidden", "30x2", "--sparsity", "0.8", "--epochs", "2")


def test_training_leaves_a_run_that_can_be_analysed(sparsegraph: Run, tmp_path: Path) -> None:
    answer = sparsegraph("train", "esml", *SMALL, "-o", tmp_path / "run")
    assert answer.status == 0, answer.err
    told = answer.err.splitlines()  # as in the log of a job: where it is, now and then
    assert told[0] == "esml digits seed 0: training, epoch 1 of 2"
    assert [re.sub(r"\d+\.\d\d %", "%", line) for line in told[1:]] == [
        f"esml digits seed 0: epoch {epoch} of 2, %" for epoch in (1, 2)
    ]
    assert "test accuracy" in answer.out
    run = open_run(tmp_path / "run")
    assert [record["epoch"] for record in run.history] == [1, 2]
    report = sparsegraph("analyze", tmp_path / "run", "-m", "sparsity", "--json")
    assert report.status == 0, report.err
    assert json.loads(report.out)["results"]["sparsity"]["n_links"] == sum(run.history[-1]["links"])


def test_a_finished_run_is_left_alone_and_can_be_asked_for_again(sparsegraph: Run, tmp_path: Path) -> None:
    words = ("train", "set", *SMALL, "-o", tmp_path / "run")
    assert sparsegraph(*words).status == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*.pt")}
    refused = sparsegraph(*words)
    assert refused.status == 1
    assert "--resume" in refused.err
    assert sparsegraph(*words, "--resume").status == 0
    assert before == {p: p.stat().st_mtime_ns for p in (tmp_path / "run").rglob("*.pt")}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("sett",), "did you mean"),
        ((), "--list"),
        (("set", "--data", "mnits"), "mnist"),
        (("set", "--data", "absent.npz"), "absent.npz"),
        (("set", "--sparsity", "1.5"), "sparsity of 1.5"),
        (("set", "--hidden", "wide"), "hidden layers 'wide'"),
        (("set", "--start", "csti", "--hidden", "10x3"), "CSTI"),
        (("from-checkpoint",), "--topology"),
        (("from-checkpoint", "--topology", "nowhere"), "nowhere"),
        (("set", "--model", "convnets"), "convnet"),
        (("dense-pruned", "--model", "convnet"), "convnet"),
        (("set", "--model", "convnet"), "8x8"),
        (("esml", "--model", "convnet"), "percolation"),
        (("set", "--jobs", "2"), "--seeds"),
        (("set", "--hidden", "3x"), "hidden layers '3x'"),
        (("set", "--update-every", "² epochs"), "update interval"),
        (("set", "--regrowth", "gradients"), "gradient"),
        (("set", "--regrowth", "unifrom"), "did you mean uniform?"),
        (("set", "--new-weights", "0"), "known are: hundredth, kaiming, swi, torch-links, xavier, zero"),
        (("static", "--regrowth", "gradient"), "never changes"),
        (("dense", "--topology", "x"), "dense net"),
        (
            ("dense", "--sparsity", "0.9"),
            "dense trains all links and takes no sparsity; leave it out, or take dense-pr",
        ),
        (("survival-dense", "--sparsity", "0.9"), "survival-dense trains all links"),
        (("from-checkpoint", "--topology", "x", "--start", "er"), "one of them"),
    ],
)
def test_mistakes_are_told_in_one_line(sparsegraph: Run, words: tuple[str, ...], told: str, tmp_path: Path) -> None:
    if "--data" not in words:
        words = (*words, "--data", "digits")
    answer = sparsegraph("train", *words, "-o", tmp_path / "run")
    assert answer.status == 1, answer.out
    assert told in answer.err
    assert answer.err.count("\n") == 1
    assert "Traceback" not in answer.err
    assert not (tmp_path / "run").exists()


def test_a_run_goes_on_as_it_began_or_says_what_differs(sparsegraph: Run, tmp_path: Path) -> None:
    assert sparsegraph("train", "set", *SMALL, "--seed", "3", "-o", tmp_path / "run").status == 0
    on = ("train", "--resume", "-o", tmp_path / "run")
    assert sparsegraph(*on, "--epochs", "2").status == 0
    assert sparsegraph(*on, "--batch-size", "32", "--update-every", "1 epoch").status == 0  # the profile's own
    for option, value in (("--epochs", "50"), ("--data", "mnist"), ("--seed", "5"), ("--sparsity", "0.9")):
        answer = sparsegraph(*on, option, value)
        assert answer.status == 1
        assert re.search(rf"{option} is \S+ in that run and {value} here", answer.err)
    assert "new runs" in sparsegraph(*on, "--seeds", "2").err


def test_what_there_is_can_be_listed(sparsegraph: Run) -> None:
    listed = sparsegraph("train", "--list").out
    for name in ("chts", "sulyok-ch3l3", "survival-momentum", "bsw", "relative_importance", "ch3_l3", "swi"):
        assert name in listed
    (l3,) = (line for line in listed.splitlines() if line.split()[1:2] == ["l3-cn"] or " l3-cn " in line)
    assert l3.endswith("another name of l3")


def test_several_seeds_do_not_go_into_a_run(sparsegraph: Run, tmp_path: Path) -> None:
    assert sparsegraph("train", "set", *SMALL, "-o", tmp_path / "run").status == 0
    answer = sparsegraph("train", "set", *SMALL, "--seeds", "2", "-o", tmp_path / "run")
    assert (answer.status, answer.out) == (1, "")
    assert "is a run itself; name a folder that may hold several (-o)" in answer.err
    assert not list((tmp_path / "run").glob("set_*"))


def test_several_seeds_are_several_runs(sparsegraph: Run, tmp_path: Path) -> None:
    answer = sparsegraph("train", "set", *SMALL, "--seeds", "2", "-o", tmp_path)
    assert answer.status == 0, answer.err
    assert sorted(p.name[-5:] for p in tmp_path.iterdir()) == ["seed0", "seed1"]
    assert re.search(r" % ± \d+\.\d\d \(standard deviation\) over 2 seeds$", answer.out.rstrip())


def test_a_training_into_which_no_update_falls_is_told(sparsegraph: Run, tmp_path: Path) -> None:
    few = ("train", "survival-random", "--data", "digits", "--epochs", "1", "--hidden", "60x2")
    # 1,797 digits, 1,438 of them or fewer for training, in batches of 128
    told = (
        r"sparsegraph: no topology update falls into 1\d steps: updates come every 400 steps, "
        r".* give --update-every \(update_every=\)\n"
    )
    assert re.search(told, sparsegraph(*few, "-o", tmp_path / "one").err)
    assert re.fullmatch(told, sparsegraph(*few, "--seeds", "2", "-o", tmp_path / "two").err)
    last = ("train", "set", *SMALL[:-1], "1", "-o", tmp_path / "last")
    assert "updates come every epoch, and none after the last step" in sparsegraph(*last).err
    assert sparsegraph(*few, "--update-every", "5 steps", "-o", tmp_path / "often").err.count("sparsegraph:") == 0


def sweep_file(folder: Path, text: str) -> Path:
    path = folder / "sweep.toml"
    path.write_text(text)
    return path


GRID = """
[fixed]
data = "digits"
hidden = "20x2"
sparsity = 0.8
epochs = 2
[grid]
profile = ["set", "esml"]
seed = [0, 1]
"""


def test_a_sweep_runs_all_then_skips_all(sparsegraph: Run, tmp_path: Path) -> None:
    path = sweep_file(tmp_path, GRID)
    listed = sparsegraph("sweep", path, "-o", tmp_path / "runs", "--dry-run").out.split()
    assert len(listed) == 4
    first = sparsegraph("sweep", path, "-o", tmp_path / "runs", "--jobs", "2")
    assert first.status == 0, first.err
    assert first.out.count("done") == 4
    again = sparsegraph("sweep", path, "-o", tmp_path / "runs")
    assert again.out.count("was done before") == 4
    assert again.out.count("over 2 seeds") == 2


def test_a_failing_cell_does_not_stop_the_others(sparsegraph: Run, tmp_path: Path) -> None:
    path = sweep_file(tmp_path, GRID.replace("[grid]", "[grid]\nlearning_rate = [0.01, 1e9]"))
    answer = sparsegraph("sweep", path, "-o", tmp_path / "runs")
    assert answer.status == 1
    assert answer.out.count("done") == 4
    assert answer.out.count("diverged") == 4
    assert "4 of 8 runs failed" in answer.err


def test_a_damaged_cell_fails_alone(sparsegraph: Run, tmp_path: Path) -> None:
    path = sweep_file(tmp_path, GRID)
    assert sparsegraph("sweep", path, "-o", tmp_path / "runs").status == 0
    first, second = sorted((tmp_path / "runs").iterdir())[:2]
    (first / "resume.npz").write_bytes((first / "resume.npz").read_bytes()[:-100])
    shutil.rmtree(second)  # to be done again, after the damaged one was met
    answer = sparsegraph("sweep", path, "-o", tmp_path / "runs")
    assert answer.status == 1
    assert answer.out.count("was done before") == 2
    assert re.search(rf"{first.name}.*resume\.npz", " ".join(answer.out.split()))
    assert "1 of 4 runs failed" in answer.err


class Deadly(Request):
    """A request that kills the process it is sent to."""

    def __reduce__(self) -> tuple[Any, ...]:
        return eval, ("__import__('os').kill(__import__('os').getpid(), 9)",)


def test_a_cell_that_kills_its_process_fails_alone(tmp_path: Path) -> None:
    fixed = {"data": "digits", "hidden": "20", "sparsity": 0.8, "epochs": 1}
    requests = [Deadly("set", **fixed), *(Request("set", seed, **fixed) for seed in (1, 2, 3))]
    cells = [Cell(request, tmp_path / str(request.seed)) for request in requests]
    results = {r.cell.directory.name: r for r in run_sweep(cells, RunOptions(), n_jobs=2)}
    assert {name: r.status for name, r in results.items()} == {"0": "failed", "1": "done", "2": "done", "3": "done"}
    assert "process died 3 times" in results["0"].message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fixed = 3", "tables [fixed] and [grid]"),
        ("sweep = 3", "tables [fixed] and [grid]"),
        ("[[sweep]]\nfixed = 3", "tables [fixed] and [grid]"),
        ("[[sweep]]\ngrid.profile = ['set']\n[fixed]\nepochs = 7", "fixed beside"),
        ("not toml at all", "not a TOML file"),
        (GRID.replace("sparsity", "sparsness"), "sparsness"),
        (GRID.replace('"esml"', '"esmll"'), "esmll"),
        (GRID.replace("seed = [0, 1]", "seed = 3"), "a list"),
        (GRID.replace("seed = [0, 1]", "seed = [0, 0]"), "twice"),
        ("[fixed]\nseed = 1", "no profile"),
        (GRID.replace("epochs = 2", "epochs = 2\nseed = 3"), "seed stands in fixed and in grid"),
        (GRID.replace("epochs = 2", 'epochs = "two"'), "epochs"),
    ],
)
def test_a_wrong_sweep_file_is_told_in_one_line(sparsegraph: Run, text: str, told: str, tmp_path: Path) -> None:
    answer = sparsegraph("sweep", sweep_file(tmp_path, text), "-o", tmp_path / "runs")
    assert answer.status == 1
    assert told in answer.err
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "runs").exists()


def test_ctrl_c_stops_cleanly_and_says_how_to_go_on(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sparsegraph", "train", "set", "--data", "digits", "--epochs", "5000"]
    process = subprocess.Popen([*words, "-o", str(tmp_path / "run")], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 120
    while not (tmp_path / "run" / "history.jsonl").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    error = process.communicate(timeout=60)[1]
    assert process.returncode == 130
    assert "--resume" in error.splitlines()[-1]
    assert "Traceback" not in error
    assert len(open_run(tmp_path / "run").history) >= 1


def test_a_worker_that_is_killed_costs_nothing_but_time(tmp_path: Path) -> None:
    """A local Dask cluster of two workers, one of which is killed half-way."""
    script = tmp_path / "cluster.py"
    script.write_text(
        "import sys, time, pathlib\n"
        "from distributed import LocalCluster\n"
        "if __name__ == '__main__':\n"
        "    folder = pathlib.Path(sys.argv[1])\n"
        "    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:\n"
        "        (folder / 'address.part').write_text(cluster.scheduler_address)\n"
        "        (folder / 'pids').write_text(' '.join(str(w.pid) for w in cluster.workers.values()))\n"
        "        (folder / 'address.part').rename(folder / 'address')\n"
        "        sys.stdin.read()\n"
    )
    cluster = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 60
        while not (tmp_path / "address").exists():
            assert time.monotonic() < deadline
            time.sleep(0.1)
        path = sweep_file(tmp_path, GRID.replace("epochs = 2", "epochs = 30"))
        words = ["sweep", str(path), "-o", str(tmp_path / "runs"), "--scheduler", (tmp_path / "address").read_text()]
        sweep = subprocess.Popen(
            [sys.executable, "-m", "sparsegraph", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        while not list(tmp_path.glob("runs/*/history.jsonl")):
            assert time.monotonic() < deadline + 60
            assert sweep.poll() is None, sweep.communicate()
            time.sleep(0.05)
        os.kill(int((tmp_path / "pids").read_text().split()[0]), signal.SIGKILL)
        out, err = sweep.communicate(timeout=180)
        assert sweep.returncode == 0, (out, err)
        assert out.count("done") == 4
        assert all(len(open_run(p).history) == 30 for p in (tmp_path / "runs").iterdir())
    finally:
        cluster.communicate(timeout=60)
