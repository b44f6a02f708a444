"""Schedules: end points, shapes in between, and the two readings of the soft exponent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sparsegraph.errors import DataError
from sparsegraph.topology.schedules import (
    EMS,
    Constant,
    Cosine,
    Cubic,
    DeltaLinear,
    ExponentLinear,
    Linear,
    MultiStep,
    Schedule,
    Sigmoid,
    WarmUp,
    exponent_of,
)

RAMPS: list[Schedule] = [Linear(0.3, 0.1), Cosine(0.3, 0.1), Cubic(0.3, 0.1), Sigmoid(0.3, 0.1)]


@pytest.mark.parametrize("ramp", RAMPS, ids=lambda ramp: type(ramp).__name__)
def test_ramps_start_and_end_where_they_say(ramp: Schedule) -> None:
    assert ramp.at(0, 100) == pytest.approx(0.3, abs=1e-15)
    assert ramp.at(100, 100) == pytest.approx(0.1, abs=1e-15)
    values = [ramp.at(step, 100) for step in range(101)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("ramp", RAMPS, ids=lambda ramp: type(ramp).__name__)
@given(st.integers(0, 200))
def test_a_shorter_ramp_keeps_its_last_value(ramp: Schedule, step: int) -> None:
    shorter = type(ramp)(0.3, 0.1, end=0.5)  # type: ignore[call-arg]
    assert shorter.at(step, 200) == pytest.approx(ramp.at(min(2 * step, 200), 200))


def test_rigl_ends_at_zero_after_three_quarters() -> None:
    schedule = Cosine(0.3, end=0.75)
    assert schedule.at(375, 1000) == pytest.approx(0.15)
    assert schedule.at(750, 1000) == 0
    assert schedule.at(1000, 1000) == 0


def test_snfs_ends_at_its_floor() -> None:
    """Floor 0.005: reference conventions, section 9 (eta_min of the published code)."""
    schedule = Cosine(0.5, 0.005)
    assert schedule.at(0, 1000) == 0.5
    assert schedule.at(1000, 1000) == 0.005
    assert schedule.at(500, 1000) == pytest.approx((0.5 + 0.005) / 2)


def test_multi_step_falls_at_its_milestones() -> None:
    schedule = MultiStep(0.1, 0.1, (0.5, 0.75))
    assert [schedule.at(step, 300) for step in (0, 149, 150, 224, 225, 300)] == pytest.approx(
        [0.1, 0.1, 0.01, 0.01, 0.001, 0.001]
    )


def test_a_warm_up_rises_to_the_schedule_and_then_follows_it() -> None:
    schedule = WarmUp(Linear(1.0, 0.0), 4)
    assert [schedule.at(step, 14) for step in range(4)] == [0.25, 0.5, 0.75, 1.0]
    assert schedule.at(4, 14) == 1.0
    assert schedule.at(9, 14) == 0.5
    assert schedule.at(14, 14) == 0.0
    assert WarmUp(Constant(2.0), 4).at(3, 2) == 2.0


def test_extra_density_of_em_s() -> None:
    """Requirements, A14: 5 % until 0.6 T_end, 2.5 % until T_end, then 0; T_end = 0.75 T."""
    values = [EMS().at(step, 1000) for step in (0, 450, 451, 749, 750, 1000)]
    assert values == [0.05, 0.05, 0.025, 0.025, 0.0, 0.0]
    assert EMS.scaled(0.1) == EMS()


def test_both_readings_of_delta_agree_at_their_ends_only() -> None:
    """AMB-09: delta from 0.5 to 0.75 is an exponent from 1 to 3; in the code it is 1 + 2 t / T."""
    paper, code = DeltaLinear(), ExponentLinear()
    assert [paper.at(step, 100) for step in (0, 100)] == pytest.approx([1, 3])
    assert [code.at(step, 100) for step in (0, 25, 100)] == pytest.approx([1, 1.5, 3])
    assert paper.at(50, 100) == pytest.approx(0.625 / 0.375)
    assert all(paper.at(step, 100) < code.at(step, 100) for step in range(1, 100))


def test_softness() -> None:
    assert [exponent_of(delta) for delta in (0, 0.5, 0.9)] == pytest.approx([0, 1, 9])
    for delta in (-0.1, 1.0, float("nan")):
        with pytest.raises(DataError, match="softness"):
            exponent_of(delta)
    with pytest.raises(DataError, match="softness"):
        DeltaLinear(0.5, 1.0)


def test_a_training_without_steps_has_its_last_value() -> None:
    assert Linear(1.0, 0.2).at(0, 0) == 0.2
