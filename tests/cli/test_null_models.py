"""``sparsegraph analyze --null``: the document, the tables, the sentences, and what is refused."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.native import save
from sparsegraph.report.document import schema

Run = Callable[..., Any]
FEW = ("-m", "path_length", "-m", "sparsity", "-m", "kshell")


@pytest.fixture(scope="module")
def modular(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four planted communities over three layers of 24 neurons."""
    rng = np.random.default_rng(0)
    community = np.arange(24) % 4
    blocks = [rng.random((24, 24)) < np.where(community[:, None] == community, 0.6, 0.05) for _ in range(2)]
    path = tmp_path_factory.mktemp("nulls") / "modular.pt"
    save(LayeredGraph.from_matrices(blocks), path)
    return path


def test_the_document_holds_a_table_for_each_null_model(sparsegraph: Run, checkpoint: Path) -> None:
    answer = sparsegraph("analyze", checkpoint, *FEW, "--null", "er", "--null", "degree", "--n-null", 9, "--json")
    assert answer.status == 0
    told = [line.partition(" draws")[0] for line in answer.err.splitlines()]
    assert told == [f"sparsegraph: null model {null}: 9" for null in ("er", "degree")]
    made = json.loads(answer.out)
    jsonschema.Draft202012Validator(schema()).validate(made)
    assert [table["null"] for table in made["significance"]] == ["er", "degree"]
    rows = {f"{row['measure']}.{row['number']}": row for row in made["significance"][1]["rows"]}
    assert rows["path_length.mean"]["observed"] == made["results"]["path_length"]["mean"]
    assert rows["sparsity.density"]["p"] == {"undefined": "the null model fixes it"}
    assert "significance" not in json.loads(sparsegraph("analyze", checkpoint, *FEW, "--json").out)


def test_too_few_draws_are_said_with_the_number_needed(sparsegraph: Run, checkpoint: Path) -> None:
    page = " ".join(sparsegraph("analyze", checkpoint, "-m", "path_length", "--null", "er", "--n-null", 9).out.split())
    assert "9 draws are too few to claim anything after Holm's correction for 2 tests" in page
    assert "--n-null 79" in page
    assert "null model er" in page
    assert "no p (Holm) can fall below 0.40" in page


def test_too_few_draws_are_said_before_any_is_drawn(
    sparsegraph: Run, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(*_: Any, **__: Any) -> None:
        raise SparseGraphError("drawn")

    monkeypatch.setattr("sparsegraph.report.analysis.against_null", drawn)
    words = ("analyze", checkpoint, "-m", "path_length", "-m", "kshell", "--null", "degree")
    # path_length and kshell have two main numbers each: 40 * 4 - 1
    few = "100 draws are too few to claim anything after Holm's correction for 4 tests; ask for --n-null 159, or fewer"
    first, last = sparsegraph(*words, "--n-null", 100).err.splitlines()
    assert (few in first, last) == (True, "sparsegraph: drawn")
    assert sparsegraph(*words).err == "sparsegraph: drawn\n"


def test_the_default_suffices_for_few_tests(sparsegraph: Run, checkpoint: Path) -> None:
    words = ("analyze", checkpoint, "-m", "path_length", "-m", "kshell", "--null", "er", "--json")
    (table,) = json.loads(sparsegraph(*words).out)["significance"]
    assert (table["n_null"], table["n_null_needed"], table["n_tests"]) == (159, 159, 4)


def test_what_stands_out_is_told_and_what_does_not_is_not(sparsegraph: Run, modular: Path) -> None:
    words = ("analyze", modular, "-m", "modularity", "--set", "n_runs=2", "--null", "degree", "--n-null", 119)
    page = " ".join(sparsegraph(*words).out.split())
    assert re.search(r"above what degrees alone explain: .*modularity 0\.\d+ \(z = \d+", page)


def test_the_table_of_numbers_has_them_too(sparsegraph: Run, checkpoint: Path, tmp_path: Path) -> None:
    sparsegraph("analyze", checkpoint, *FEW, "--null", "weights", "--n-null", 5, "-o", tmp_path / "out.csv")
    with (tmp_path / "out.csv").open() as file:
        found = {(row["measure"], row["part"], row["field"]): row["value"] for row in csv.DictReader(file)}
    assert found["path_length", "null model weights", "mean.observed"] == found["path_length", "", "mean"]
    assert found["path_length", "null model weights", "mean.n_defined"] == "5"


def test_what_no_null_model_can_touch_is_refused_before_anything_is_read(sparsegraph: Run, tmp_path: Path) -> None:
    for words in (("-m", "kendall"), ("-m", "functional_activity", "--data", "recorded")):
        answer = sparsegraph("analyze", tmp_path / "nowhere", *words, "--null", "degree")
        assert (answer.status, answer.err.count("\n")) == (1, 1)
    answer = sparsegraph("analyze", __file__, *words, "--null", "degree")
    assert "functional_activity: null models do not apply to measures over training or of answers" in answer.err


def test_an_unknown_null_model_is_refused_before_anything_is_measured(
    sparsegraph: Run, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def measured(*_: Any, **__: Any) -> None:
        raise AssertionError("measured before the choices were checked")

    monkeypatch.setattr("sparsegraph.report.analysis.measure", measured)
    assert "did you mean degree" in sparsegraph("analyze", checkpoint, "--null", "degre").err


def test_processes_give_the_same_document(sparsegraph: Run, checkpoint: Path) -> None:
    words = ("analyze", checkpoint, "-m", "kshell", "--null", "degree", "--n-null", 8, "--json")
    assert sparsegraph(*words, "--jobs", 2).out == sparsegraph(*words).out


def test_several_checkpoints_are_compared_by_z(sparsegraph: Run, checkpoint: Path, modular: Path) -> None:
    page = sparsegraph("analyze", checkpoint, modular, "-m", "path_length", "--null", "er", "--n-null", 9).out
    assert "z against null model er" in page
    assert "path length: mean" in page


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--null", "degrees"), "there is no null model named 'degrees'; did you mean degree?"),
        (("--null", "er", "--scope", "block"), "null models and data sets are for the whole graph"),
        (("--n-null", "50"), "name one, such as --null degree"),
    ],
)
def test_wrong_choices_are_refused_in_one_line(
    sparsegraph: Run, checkpoint: Path, words: tuple[str, ...], message: str
) -> None:
    answer = sparsegraph("analyze", checkpoint, *FEW, *words)
    assert answer.status == 1
    assert message in answer.err
    assert answer.err.count("\n") == 1
