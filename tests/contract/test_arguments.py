"""Arguments that no function can work with are told what was found, what is expected and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pytest
from evolving import snapshots

import sparsegraph as sg
from sparsegraph.arguments import kind_of
from sparsegraph.errors import DataError
from sparsegraph.io.runs.run import Run
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import Design
from sparsegraph.perturb.subject import Choice

matplotlib.use("agg")

GRAPH = sg.LayeredGraph.from_matrices([np.eye(3), np.ones((3, 2))])


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("SPARSEGRAPH_CACHE", str(tmp_path / "cache"))
    with RunWriter.create(tmp_path / "run", {"recipe": "set"}) as writer:
        for snapshot in snapshots(2):
            writer.topology(snapshot)
            writer.snapshot(snapshot)
    return sg.open_run(tmp_path / "run")


SEEDED: dict[str, Callable[[Any, Any], Any]] = {
    "measure": lambda seed, run: sg.measure(GRAPH, "degree", seed=seed),
    "measure of a trajectory": lambda seed, run: sg.measure(run.topology, "turnover", seed=seed),
    "measure_all": lambda seed, run: sg.measure_all(GRAPH, [], seed=seed),
    "significance_of": lambda seed, run: sg.significance_of(GRAPH, "degree", null="er", n_null=2, seed=seed),
    "follow": lambda seed, run: sg.follow(run, "degree", seed=seed),
    "analyze": lambda seed, run: sg.analyze(run.path, measures="degree", seed=seed),
    "findings_of": lambda seed, run: sg.findings_of((), only=[], seed=seed),
    "view": lambda seed, run: sg.view(GRAPH, disk=False, seed=seed),
    "Design": lambda seed, run: Design(seed=seed),
    "Choice": lambda seed, run: Choice(seed=seed),
    "train": lambda seed, run: sg.train("set", run.path.parent / "trained", data="digits", seed=seed),
}


@pytest.mark.parametrize("door", SEEDED)
def test_a_seed_is_a_whole_number(door: str, run: Any) -> None:
    for seed, found in ((-1, "-1"), ("a", "'a'"), (1.5, "1.5"), (None, "None"), (True, "True")):
        with pytest.raises(DataError, match=rf"^seed is {found}; a whole number from 0 is needed$"):
            SEEDED[door](seed, run)
    with pytest.raises(DataError, match=r"^seed is a Generator; a whole number from 0 is needed$"):
        SEEDED[door](np.random.default_rng(0), run)


def test_a_whole_number_of_numpy_is_a_seed_like_any_other(run: Any) -> None:
    assert sg.measure(GRAPH, "modularity", seed=np.int64(3)) == sg.measure(GRAPH, "modularity", seed=3)
    report = sg.analyze(run.path, measures="degree", seed=np.int64(3))
    assert report.to_dict() == sg.analyze(run.path, measures="degree", seed=3).to_dict()


def test_one_name_alone_is_no_list_of_letters() -> None:
    assert [verdict.finding.id for verdict in sg.findings_of(only="F05")] == ["F05"]
    assert Design("random") == Design(("random",))  # type: ignore[arg-type]


OF_A_RUN: dict[str, tuple[Callable[[Any], Any], type[Exception], str]] = {
    "no names": (
        lambda run: sg.follow(run, None),  # type: ignore[arg-type]
        TypeError,
        "^measures are chosen by name, one or several in a list, not by None$",
    ),
    "numbers for names": (
        lambda run: sg.follow(run, ["degree", 3]),  # type: ignore[list-item]
        TypeError,
        "^measures are chosen by name, and among those given is an int; give texts only$",
    ),
    "options": (
        lambda run: sg.follow(run, "degree", options=3),  # type: ignore[arg-type]
        TypeError,
        "^options are a mapping by name, such as {'replicas': 100}, not an int$",
    ),
    "processes": (
        lambda run: sg.follow(run, "degree", n_jobs="2"),  # type: ignore[arg-type]
        DataError,
        "^n_jobs is '2'; a whole number of processes, at least 1, is needed$",
    ),
    "cache": (
        lambda run: sg.follow(run, "degree", cache=5),  # type: ignore[arg-type]
        TypeError,
        "^cache is True, False or the path of a folder, not an int$",
    ),
    "progress": (
        lambda run: sg.follow(run, "degree", progress=True),  # type: ignore[arg-type]
        TypeError,
        "^progress is a function that is told how far the work is, or None, not a bool$",
    ),
    "its topology followed": (
        lambda run: sg.follow(run.topology, "degree"),
        TypeError,
        r"^a run, or the path of its folder, is expected, not its snapshots \(a Trajectory\); pass the run itself",
    ),
    "its topology judged": (lambda run: sg.findings_of(run.topology), TypeError, "pass the run itself"),
    "a graph judged": (
        lambda run: sg.findings_of(GRAPH),  # type: ignore[arg-type]
        TypeError,
        "^a run, or the path of a folder of runs, is expected, not a LayeredGraph$",
    ),
    "a word for a place": (
        lambda run: run["a"],
        TypeError,
        r"^a snapshot is chosen by its place in the run, .*, not by a str; what the run was asked to do is in \.config",
    ),
    "a choice that is none": (
        lambda run: sg.analyze(run.path, measurs=["degree"]),
        TypeError,
        "^an analysis has no choice 'measurs'; did you mean measures",
    ),
    "null models": (
        lambda run: sg.analyze(run.path, nulls=3),
        TypeError,
        "^null models are chosen by name, one or several in a list, not by an int$",
    ),
    "a graph tested": (
        lambda run: sg.robustness_of(GRAPH),  # type: ignore[arg-type]
        TypeError,
        "^a run, or the path of a run or of a checkpoint, is expected, not a LayeredGraph; its files have the biases",
    ),
    "choice": (
        lambda run: sg.robustness_of(run, choice={"data": "mnist"}),  # type: ignore[arg-type]
        TypeError,
        r"^a choice is a Choice of sparsegraph\.perturb\.subject, such as Choice\(data='mnist'\), not a dict$",
    ),
    "design": (
        lambda run: sg.robustness_of(run, design="random"),  # type: ignore[arg-type]
        TypeError,
        r"^a design is a Design of sparsegraph\.perturb\.robustness, such as Design\(n_repeats=20\), not a str$",
    ),
    "layers": (
        lambda run: sg.train("set", run.path.parent / "trained", data="digits", hidden=30),
        sg.SparseGraphError,
        r"^hidden layers 30: a text such as '100x3' or a list of sizes such as \[100, 100, 100\] is expected$",
    ),
    "the size of a layer": (
        lambda run: sg.train("set", run.path.parent / "trained", data="digits", hidden=[30, 0.5]),
        DataError,
        "^the size of a hidden layer is 0.5; a whole number from 1 is needed$",
    ),
}


@pytest.mark.parametrize("wrong", OF_A_RUN)
def test_what_is_asked_of_a_run_is_checked(wrong: str, run: Any) -> None:
    call, kind, message = OF_A_RUN[wrong]
    with pytest.raises(kind, match=message):
        call(run)
    assert not (run.path.parent / "trained").exists()


OTHERS: dict[str, tuple[Callable[[], Any], type[Exception], str]] = {
    "no table": (
        lambda: sg.over_seeds([1]),  # type: ignore[arg-type]
        TypeError,
        "^a table of sparsegraph.follow or histories is expected, not a list$",
    ),
    "no axes": (
        lambda: sg.plot(sg.measure(GRAPH, "kshell"), ax=3),  # type: ignore[arg-type]
        TypeError,
        r"^ax is a matplotlib Axes, such as plt.subplots\(\)\[1\], not an int",
    ),
    "no drawing": (
        lambda: sg.plot(sg.measure(GRAPH, "activity")),
        sg.SparseGraphError,
        "^there is no drawing of an Activity; there are drawings of: ",
    ),
    "activations": (
        lambda: sg.measure(GRAPH, "functional_activity", activations=[1, 2]),
        TypeError,
        "^activations are a mapping of layer names, such as 'input', to arrays, not a list; ",
    ),
    "names": (
        lambda: sg.measure_all(GRAPH, 3),  # type: ignore[arg-type]
        TypeError,
        "^measures are chosen by name, one or several in a list, not by an int$",
    ),
    "options": (
        lambda: sg.measure_all(GRAPH, "degree", options="readout"),  # type: ignore[arg-type]
        TypeError,
        "^options are a mapping by name, such as {'replicas': 100}, not a str$",
    ),
    "an entry": (
        lambda: PERTURBATIONS[["random"]],  # type: ignore[index]
        TypeError,
        "^the name of one perturbation is expected, not a list$",
    ),
    "perturbations": (
        lambda: Design(3),  # type: ignore[arg-type]
        TypeError,
        "^perturbations are chosen by name, one or several in a list, not by an int$",
    ),
    "repeats": (lambda: Design(n_repeats=0.5), DataError, "^n_repeats is 0.5; a whole number from 1 is needed$"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("wrong", OTHERS)
def test_what_is_asked_is_checked(wrong: str) -> None:
    call, kind, message = OTHERS[wrong]
    with pytest.raises(kind, match=message):
        call()


def test_nobody_need_be_told_of_progress(run: Any) -> None:
    assert len(sg.follow(run, "degree", progress=None))
    assert sg.significance_of(GRAPH, "degree", null="er", n_null=2, progress=None).rows
    assert sg.analyze(run.path, measures="degree", nulls="er", n_null=2, progress=None).results
    assert sg.findings_of(only="F05", progress=None)


def test_a_run_is_tested_as_its_path_is(run: Any) -> None:
    messages = set()
    for given in (run, run.path):
        with pytest.raises(sg.SparseGraphError) as refused:
            sg.robustness_of(given, progress=None)
        messages.add(str(refused.value))
    assert messages == {f"{run.path}: a checkpoint does not say what it was trained on; name the data set with --data "
                        "(data= of Choice)"}  # fmt: skip


@dataclass(frozen=True)
class Own(sg.Result):
    number: int = 3
    word: str = "7"


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Registers a measure under the name ``own``, for the time of the test."""
    list(MEASURES)
    monkeypatch.setattr(MEASURES, "_entries", dict(MEASURES._entries))
    return lambda answer, main=(): sg.register("own", main=main)(lambda graph: answer)


def test_a_measure_that_gives_no_result_is_named(own: Callable[..., None]) -> None:
    own(3)
    calls = [
        lambda: sg.measure(GRAPH, "own"),
        lambda: sg.measure_all(GRAPH, ["own"]),
        lambda: sg.significance_of(GRAPH, ["own"], null="er", n_null=2),
    ]
    for call in calls:
        with pytest.raises(
            TypeError, match=r"^the measure own gave an int; a frozen dataclass that derives from spars"
        ):
            call()


@pytest.mark.parametrize("main", ["nunber", "number.mean", "word"])
def test_a_main_number_that_a_result_lacks_is_named_with_its_measure(main: str, own: Callable[..., None]) -> None:
    own(Own(), main=[main])
    assert sg.measure(GRAPH, "own") == Own()
    with pytest.raises(
        DataError, match=rf"^the measure own is registered with the main number '{main}', but no number"
    ):
        sg.significance_of(GRAPH, ["own"], null="er", n_null=2)


def test_kinds_have_their_article() -> None:
    assert [kind_of(value) for value in (3, "a", None, Own())] == ["an int", "a str", "None", "an Own"]
