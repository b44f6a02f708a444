"""Ctrl-C waits for a report of the training; a second one does not."""

from __future__ import annotations

import signal

import pytest

from sparsegraph.cli.interrupts import stoppable
from sparsegraph.training.progress import SilentProgress


def train(reached: list[str], *, n_signals: int, begin: bool = True) -> None:
    """A training of one report that is interrupted before it."""
    with stoppable(SilentProgress()) as progress:
        if begin:
            progress.began("run", 10, 0)
            progress.advanced(1, 0.5)
        for i in range(n_signals):
            signal.raise_signal(signal.SIGINT)
            reached.append(f"after signal {i + 1}")
        progress.advanced(1, 1.0)
        reached.append("after the report")


@pytest.mark.parametrize(
    ("n_signals", "begin", "expected"),
    [(1, True, ["after signal 1"]), (2, True, ["after signal 1"]), (1, False, [])],
    ids=["waits for the next report", "a second does not wait", "none waits before the training"],
)
def test_an_interrupt_waits_for_a_report(n_signals: int, begin: bool, expected: list[str]) -> None:
    before, reached = signal.getsignal(signal.SIGINT), list[str]()
    with pytest.raises(KeyboardInterrupt):
        train(reached, n_signals=n_signals, begin=begin)
    assert reached == expected
    assert signal.getsignal(signal.SIGINT) is before


def test_without_an_interrupt_all_is_reported() -> None:
    reached: list[str] = []
    train(reached, n_signals=0)
    assert reached == ["after the report"]
