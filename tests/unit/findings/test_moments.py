"""From a series to a number."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.findings.moments import (
    ACROSS_EPOCHS,
    FIRST,
    LAST,
    TOTAL,
    Moment,
    Series,
    after_update,
    at,
    change,
    epochs_to,
    first_reach,
    mean,
    trend,
)
from sparsegraph.result import Undefined


def series(*values: float) -> Series:
    """One value an epoch, an update after each but the first."""
    epochs = np.arange(1.0, len(values) + 1)
    return Series(epochs / max(len(values), 1), epochs, epochs - 1, np.array(values))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (FIRST, 0.2),
        (LAST, 0.7),
        (at(0.5), 0.8),
        (after_update(2), 0.9),
        (mean(0.5, 0.75), 0.85),
        (change(0.5), -0.1),
        (change(), 0.5),
        (first_reach(0.75), 2.0),
        (epochs_to(0.9), 2.0),  # 0.63 of 0.7
        (ACROSS_EPOCHS, (0.5 + 0.85 + 0.8) / 3),
        (TOTAL, 2.6),
        (trend(), 1 / 3),  # of six pairs four rise and two fall
    ],
)
def test_of_four_epochs(moment: Moment, expected: float) -> None:
    assert moment.of(series(0.2, 0.8, 0.9, 0.7)) == pytest.approx(expected)


@pytest.mark.parametrize(
    "moment", [first_reach(2.0), after_update(9), trend(0.9), mean(0.1, 0.2)], ids=lambda moment: moment.words
)
def test_what_is_not_there_is_undefined(moment: Moment) -> None:
    assert isinstance(moment.of(series(0.2, 0.8, 0.9, 0.7)), Undefined)


@pytest.mark.parametrize("moment", [FIRST, at(0.1), change(), change(0.2)], ids=lambda moment: moment.words)
def test_no_value_stands_in_for_one_that_is_undefined(moment: Moment) -> None:
    """A law fitted from 110 links on has nothing to fit before hubs are there: the end is no change since the start."""
    full = series(0.2, 0.8, 0.9, 0.7)
    late = Series(full.share[2:], full.epoch[2:], full.update[2:], full.values[2:], absent=np.array([0.0, 0.25, 0.5]))
    assert isinstance(moment.of(late), Undefined)
    assert LAST.of(late) == 0.7
    early = Series(full.share[:2], full.epoch[:2], full.update[:2], full.values[:2], absent=np.array([0.75, 1.0]))
    assert FIRST.of(early) == 0.2
    assert isinstance(LAST.of(early), Undefined)
    assert isinstance(change().of(early), Undefined)
    gap = Series(
        full.share[[0, 3]], full.epoch[[0, 3]], full.update[[0, 3]], full.values[[0, 3]], np.array([0.5, 0.75])
    )
    assert isinstance(after_update(2).of(gap), Undefined)
    assert after_update(0).of(gap) == 0.2


def test_nothing_has_no_last_value() -> None:
    assert isinstance(LAST.of(series()), Undefined)


def test_a_number_that_stands_still_has_no_trend() -> None:
    assert trend().of(series(0.5, 0.5, 0.5)) == 0.0
