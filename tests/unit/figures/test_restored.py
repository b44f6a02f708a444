"""Runs without their nets, as they are put back from tables: what is drawn from them, and how the rest is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tiny_runs import train_tiny

from sparsegraph.errors import LoadError, SparseGraphError
from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.figures.catalogue import FIGURES, ids
from sparsegraph.figures.draw import draw_figure, why_not, write_figure
from sparsegraph.figures.kinds.nets import at_end, at_start
from sparsegraph.figures.material import Material
from sparsegraph.figures.moments import at_epochs

Make = Callable[..., Material]

OF_NETS = ["esml-2a", "esml-2b", "esml-video", "sulyok-robustness", "sulyok-table", "sulyok-weights"]
OF_NETS += [f"survival-{name}" for name in (4, 5, 7, "7-free", 8, 9, 11, 12, 15, 16, 18, 19, 20)]
FROM_RUNS = [name for name in ids() if FIGURES[name].needs.profiles]


def untaught(told: Make, name: str) -> Material:
    """Runs of all profiles that a figure names, two seeds each, which only tell what they learned."""
    return told(*((profile, seed, [0.5, 0.6], {}) for profile in FIGURES[name].needs.profiles for seed in (0, 1)))


@pytest.mark.parametrize("name", FROM_RUNS)
def test_a_figure_is_drawn_or_refused_beforehand(told: Make, name: str) -> None:
    material = untaught(told, name)
    reason = why_not(name, material)
    if reason is None:
        draw_figure(name, material)
    assert (reason is not None) >= (name in OF_NETS)


@pytest.mark.parametrize("name", OF_NETS)
def test_the_refusal_says_what_is_there_and_what_to_do(told: Make, name: str) -> None:
    material = untaught(told, name)
    with pytest.raises(SparseGraphError) as refusal:
        draw_figure(name, material)
    message = str(refusal.value)
    assert message.startswith(f"{name} needs runs of {FIGURES[name].needs.profiles[0]}")
    assert "snapshots" in message.partition(";")[0]
    assert message.endswith("more have none: train again, or give the runs as they were trained")
    assert "\n" not in message


def test_runs_that_are_absent_are_told_before_snapshots_that_are(told: Make) -> None:
    assert why_not("esml-2a", told(("esml-esml", 0, [0.5], {}))) == (
        "needs runs of esml-esml esml-set, with topology snapshots; there are none of esml-set"
    )


def test_runs_put_back_from_tables_are_called_so(told: Make) -> None:
    material = told(("survival-random", 0, [0.5], {}))
    (cohort,) = material.cohorts.cohorts
    (member,) = cohort.members
    again = replace(member, run=replace(member.run, environment={"restored": "from tables: no snapshots"}))
    cohorts = replace(material.cohorts, cohorts=(replace(cohort, members=(again,)),))
    assert (why_not("survival-5", replace(material, cohorts=cohorts)) or "").endswith(
        f"{member.run.path.name}, restored from tables, has none: train again, or give the runs as they were trained"
    )


def test_beside_runs_with_snapshots_the_others_are_left_out(told: Make, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    trained = [train_tiny("survival-random", runs, seed=seed) for seed in (0, 3)]
    shutil.rmtree(trained[0] / "topology")
    (gradient,) = told(("survival-gradient", 0, [0.5], {})).cohorts.cohorts
    material = Material(cohorts_of([*trained, *gradient.runs]))
    assert why_not("survival-5", material) is None
    caption = write_figure("survival-5", material, tmp_path, formats=("svg",)).caption
    assert "(seed 3; 3 epochs)" in caption
    assert "Left out: " not in caption
    assert "there are none of survival-gradient, survival-momentum with topology snapshots" in caption
    assert "Given and not used: 2 (without topology snapshots)." in caption


@pytest.mark.parametrize("take", [at_start, at_end, at_epochs])
def test_snapshots_of_a_run_without_any_are_refused(told: Make, take: Callable[..., object]) -> None:
    (cohort,) = told(("survival-random", 0, [0.5], {})).cohorts.cohorts
    with pytest.raises(LoadError, match="a run without topology snapshots; train again"):
        take(cohort)
