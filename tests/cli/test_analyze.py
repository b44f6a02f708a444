"""``sparsegraph analyze``: the contract, the page, the conditions, the errors."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from graphs import erdos_renyi

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.native import save
from sparsegraph.report.document import schema

Run = Callable[..., Any]
QUICK = ("--set", "replicas=200")


def document(answer: Any) -> dict:
    assert answer.status == 0, answer.err
    made = json.loads(answer.out)
    jsonschema.Draft202012Validator(schema()).validate(made)
    return made


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_one_document_on_stdout_and_nothing_on_stderr(sparsegraph: Run, checkpoint: Path) -> None:
    answer = sparsegraph("analyze", checkpoint, "--json", *QUICK)
    made = document(answer)
    assert answer.err == ""
    assert made["results"]["sparsity"]["n_links"] == 768 + 1440 + 1200
    assert made["conventions"] == {
        "scope": "graph",
        "topology": "raw",
        "readout": "auto",
        "links": made["checkpoint"]["mask_origin"],
        "options": {"replicas": 200},
    }
    assert [layer["size"] for layer in made["graph"]["layers"]] == [64, 120, 120, 10]


def test_same_seed_same_document(sparsegraph: Run, checkpoint: Path) -> None:
    once, again = (sparsegraph("analyze", checkpoint, "--json", "--seed", "7", *QUICK) for _ in range(2))
    assert once.out == again.out
    other = sparsegraph("analyze", checkpoint, "--json", "--seed", "8", *QUICK)
    assert document(other)["results"]["powerlaw"] != document(once)["results"]["powerlaw"]


def test_a_plain_state_dict_gives_the_same_numbers(sparsegraph: Run, checkpoint: Path, state_dict: Path) -> None:
    ours, plain = (document(sparsegraph("analyze", p, "--json", *QUICK)) for p in (checkpoint, state_dict))
    for measure in ("kshell", "credit_paths", "path_length"):
        one, two = ours["results"][measure], plain["results"][measure]
        for key in ("max_shell", "n_core", "total", "hub_ratio_all", "mean"):
            assert one.get(key) == two.get(key)
    assert plain["checkpoint"]["mask_origin"] == "non-zeros"


def test_chosen_measures_only(sparsegraph: Run, checkpoint: Path) -> None:
    made = document(sparsegraph("analyze", checkpoint, "--json", "-m", "kshell", "-m", "sparsity"))
    assert set(made["results"]) == {"kshell", "sparsity"}


def test_a_readout_that_no_measure_asks_about_is_refused(sparsegraph: Run, checkpoint: Path) -> None:
    answer = sparsegraph("analyze", checkpoint, "-m", "kshell", "-m", "powerlaw", "--readout", "exclude")
    assert answer.status == 1
    assert "readout exclude decides nothing in kshell, powerlaw" in answer.err
    assert sparsegraph("analyze", checkpoint, "-m", "kshell", "-m", "activity", "--readout", "exclude").status == 0


def test_readout_in_or_out(sparsegraph: Run, checkpoint: Path) -> None:
    totals = {}
    for policy in ("auto", "include", "exclude"):
        made = document(sparsegraph("analyze", checkpoint, "--json", "-m", "credit_paths", "--readout", policy))
        totals[policy] = made["results"]["credit_paths"]["total"]
    assert totals["auto"] == totals["exclude"]
    assert totals["include"] == 10 * totals["auto"]


def test_every_matrix_by_itself(sparsegraph: Run, checkpoint: Path) -> None:
    made = document(sparsegraph("analyze", checkpoint, "--json", "--scope", "block", *QUICK))
    sizes = {layer["name"]: layer["size"] for layer in made["graph"]["layers"]}
    assert len(sizes) == 6
    for block in made["graph"]["blocks"]:
        assert block["shape"] == [sizes[block["source"]], sizes[block["target"]]]
    assert [entry["n_links"] for entry in made["results"]["sparsity"]] == [768, 1440, 1200]
    assert len({entry["block"] for entry in made["results"]["kshell"]}) == 3


@pytest.mark.parametrize("policy", ["auto", "include", "exclude"])
def test_percolation_changes_no_path_and_no_active_neuron(sparsegraph: Run, tmp_path: Path, policy: str) -> None:
    # 2 % of the links and a dense readout: percolation takes links of dead neurons out of the readout
    sparse_part = erdos_renyi((40, 60, 60), 0.02, seed=1)
    graph = LayeredGraph.from_matrices([*(block.weights for block in sparse_part.blocks), np.ones((60, 5))])
    save(graph, tmp_path / "net.pt")
    common = ("analyze", tmp_path / "net.pt", "--json", "-m", "credit_paths", "-m", "activity", "--readout", policy)
    raw, percolated = document(sparsegraph(*common)), document(sparsegraph(*common, "--percolate"))
    assert percolated["conventions"]["topology"] == "percolated"
    assert raw["results"]["credit_paths"]["total"] == percolated["results"]["credit_paths"]["total"] > 0
    for key in ("anp_rate", "anp_rate_hidden", "readout"):
        assert raw["results"]["activity"][key] == percolated["results"]["activity"][key]


def test_the_page_begins_with_verdicts(sparsegraph: Run, checkpoint: Path) -> None:
    answer = sparsegraph("analyze", checkpoint, *QUICK)
    page = answer.out
    assert "\x1b" not in page
    verdicts = [line for line in page.splitlines() if line.startswith(" •")]
    assert "sparse" in verdicts[0]
    assert any("degrees of hidden neurons" in line for line in verdicts)
    assert max(map(len, page.splitlines())) <= 100


def test_several_checkpoints_give_a_comparison(sparsegraph: Run, checkpoint: Path, state_dict: Path) -> None:
    made = document(sparsegraph("analyze", checkpoint, state_dict, "--json", "-m", "sparsity"))
    assert [Path(one["checkpoint"]["path"]).name for one in made["comparison"]] == ["small.pt", "plain.pth"]
    page = sparsegraph("analyze", checkpoint, state_dict, "-m", "sparsity").out
    assert "small.pt" in page
    assert "plain.pth" in page


def test_a_folder_is_compared_and_a_bad_file_is_told(
    sparsegraph: Run, checkpoint: Path, state_dict: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.pt").write_bytes(checkpoint.read_bytes())
    (tmp_path / "b.pth").write_bytes(state_dict.read_bytes())
    (tmp_path / "broken.pth").write_bytes(state_dict.read_bytes()[:500])
    (tmp_path / "notes.txt").write_text("not a checkpoint")
    answer = sparsegraph("analyze", tmp_path, "-m", "sparsity")
    assert answer.status == 1
    assert "a.pt" in answer.out
    errors = answer.err.splitlines()
    assert len(errors) == 1
    assert "broken.pth" in errors[0]


@pytest.mark.parametrize(("condition", "status"), [("sparsity.density<0.5", 1), ("sparsity.density>0.5", 0)])
def test_fail_if(sparsegraph: Run, checkpoint: Path, condition: str, status: int) -> None:
    answer = sparsegraph("analyze", checkpoint, "-m", "sparsity", "--fail-if", condition)
    assert answer.status == status
    assert len(answer.err.splitlines()) == status


@pytest.mark.parametrize("suffix", [".json", ".csv", ".txt"])
def test_output_files(sparsegraph: Run, checkpoint: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out{suffix}"
    assert sparsegraph("analyze", checkpoint, "-m", "sparsity", "-o", path).status == 0
    text = path.read_text()
    if suffix == ".json":
        jsonschema.Draft202012Validator(schema()).validate(json.loads(text))
    assert "n_links" in text or "links" in text
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_rows_of_the_table_name_what_they_depend_on(sparsegraph: Run, checkpoint: Path, tmp_path: Path) -> None:
    path, words = tmp_path / "out.csv", ("-m", "powerlaw", "-m", "degree", "--set", "replicas=9", "--percolate")
    assert sparsegraph("analyze", checkpoint, *words, "--null", "degree", "--n-null", "2", "-o", path).status == 0
    rows = list(csv.DictReader(path.read_text().splitlines()))
    told = {name: {row["conventions"] for row in rows if row["measure"] == name} for name in ("powerlaw", "degree")}
    degree, powerlaw = (sorted(told[name], key=len) for name in ("degree", "powerlaw"))
    assert "; percolated graph; readout counted; directed" in degree[0]
    assert "; seed 0; rule=csn; " in powerlaw[0]
    assert powerlaw[0].endswith("; degree: total; readout counted; replicas=9")
    for itself, drawn in (degree, powerlaw):
        assert drawn.startswith(f"{itself}; 2 draws of seed 0; p two-sided")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("analyze", "missing.pt"), 1, "missing.pt"),
        (("analyze", "{checkpoint}", "-m", "kshel"), 1, "did you mean kshell"),
        (("analyze", "{checkpoint}", "-o", "out.xml"), 1, "ends in"),
        (("analyze", "{checkpoint}", "-o", "no/such/folder/out.json"), 1, "no folder"),
        (("analyze", "{checkpoint}", "--fail-if", "nonsense"), 1, "no condition"),
        (("analyze", "{checkpoint}", "--set", "nonsense"), 1, "NAME=VALUE"),
        (("analyze", "{checkpoint}", "--set", "rul=csn"), 1, "known are"),
        (("analyze", "{checkpoint}", "--set", "rule=mine"), 1, "csn or survival"),
        (("analyze", "{checkpoint}", "--set", "replicas=many"), 1, "a whole number"),
        (("analyze", "{checkpoint}", "--set", "replicas=-5"), 1, "replicas"),
        (("analyze", "{checkpoint}", "--set", "xmin=0"), 1, "xmin"),
        (("analyze", "{checkpoint}", "--set", "n_runs=0"), 1, "n_runs"),
        (("analyze", "{checkpoint}", "--set", "bins=-1"), 1, "bins"),
        (("analyze", "{checkpoint}", "--set", "hub_share=2"), 1, "hub_share"),
        (("analyze", "{checkpoint}", "--set", "n_sources=0"), 1, "n_sources"),
        (("analyze", "{checkpoint}", "--layers", "zzz"), 1, "leave layers out"),
        (("analyze", "{state_dict}", "--layers", "zzz"), 1, "zzz"),
        (("analyze", "{checkpoint}", "--readout", "maybe"), 2, "maybe"),
        (("analyze", "{state_dict}", "--max-memory", "1k"), 1, "1024 are allowed"),
        (("analyze", "{state_dict}", "--max-memory", "lots"), 2, "no amount of memory"),
        (("analyze", ""), 2, "empty path"),
        (("inspect", ""), 2, "empty path"),
        (("analyze",), 2, "PATH"),
        (("analyse",), 2, "analyse"),
    ],
)
def test_errors_are_one_line(
    sparsegraph: Run, checkpoint: Path, state_dict: Path, words: tuple[str, ...], status: int, message: str
) -> None:
    answer = sparsegraph(*(word.format(checkpoint=checkpoint, state_dict=state_dict) for word in words))
    assert answer.status == status
    assert message in answer.err
    assert answer.out == ""
    if status == 1:
        assert len(answer.err.splitlines()) == 1


def test_names_in_brackets_are_names(sparsegraph: Run, tmp_path: Path) -> None:
    # to the library that draws tables, [b] and [/b] are markup; to us they are what a file calls its tensors
    import torch

    path = tmp_path / "[red]net.pt"
    torch.save({"[/b]1.weight": torch.eye(3), "x[bold]2.weight": torch.ones(2, 3)}, path)
    for words in (("inspect", path), ("analyze", path, "-m", "sparsity"), ("analyze", path, path, "-m", "sparsity")):
        answer = sparsegraph(*words)
        assert answer.status == 0, answer.err
        assert "[red]net.pt" in answer.out
    assert "[/b]1.weight" in sparsegraph("inspect", path).out


def test_files_of_one_name_are_told_apart(sparsegraph: Run, checkpoint: Path, tmp_path: Path) -> None:
    for seed in ("seed1", "seed2"):
        (tmp_path / seed).mkdir()
        (tmp_path / seed / "model.pt").write_bytes(checkpoint.read_bytes())
    page = sparsegraph("analyze", *(tmp_path / seed / "model.pt" for seed in ("seed1", "seed2")), "-m", "sparsity").out
    assert "seed1/model.pt" in page
    assert "seed2/model.pt" in page


def test_several_files_stay_a_comparison_when_one_fails(sparsegraph: Run, checkpoint: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.pt"
    bad.write_bytes(b"PK")
    answer = sparsegraph("analyze", checkpoint, bad, "--json", "-m", "sparsity")
    assert answer.status == 1
    assert len(json.loads(answer.out)["comparison"]) == 1


def test_a_condition_on_a_measure_that_does_not_run_is_an_error_at_once(sparsegraph: Run, checkpoint: Path) -> None:
    answer = sparsegraph("analyze", checkpoint, "-m", "sparsity", "--fail-if", "rank.sum.rank<3")
    assert answer.status == 1
    assert answer.out == ""
    assert "not among the measures" in answer.err


def test_the_document_does_not_depend_on_threads(checkpoint: Path) -> None:
    documents = set()
    for n in ("1", "2"):
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), n)
        command = [sys.executable, "-m", "sparsegraph", "analyze", str(checkpoint), "--json", *QUICK]
        answer = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, **threads})
        documents.add(answer.stdout)
    assert len(documents) == 1
