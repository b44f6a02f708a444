"""Nets that learned nothing: what is found on them says little of a method."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

from sparsegraph.evolution.cohorts import Cohort, Member
from sparsegraph.papers.data_sets import N_CLASSES

_STANDARD_ERRORS = 3
_N_TEST = 10_000
"""Test samples where a run does not tell them."""


def is_at_chance(member: Member) -> bool:
    """Whether a net ended no better than a guess among its classes, three standard errors of that being allowed.

    Where neither the run nor the name of its data tells how many classes there are, it is not said to be.
    """
    data = member.run.config.get("data")
    told: dict[str, Any] = data if isinstance(data, dict) else {}
    n_classes = _count(told.get("n_classes"), 2) or N_CLASSES.get(member.data or "")
    accuracy = _last_accuracy(member)
    if not n_classes or accuracy is None:
        return False
    samples = told.get("samples")
    n_test = _count(samples.get("test"), 1) if isinstance(samples, dict) else None
    chance = 1 / n_classes
    return accuracy <= chance + _STANDARD_ERRORS * math.sqrt(chance * (1 - chance) / (n_test or _N_TEST))


def _count(value: Any, least: int) -> int | None:
    """A number of at least so many, from a configuration that may hold anything."""
    return value if type(value) is int and value >= least else None


def at_chance_in_words(members: Iterable[Member]) -> tuple[str, ...]:
    """How many nets of each method ended at chance: "2 of 3 nets of SET"; nothing of methods that learned."""
    labels = [(Cohort((member,)).label, is_at_chance(member)) for member in members]
    n_all, n_lost = Counter(label for label, _ in labels), Counter(label for label, lost in labels if lost)
    return tuple(f"{n} of {n_all[label]} nets of {label}" for label, n in n_lost.items())


def _last_accuracy(member: Member) -> float | None:
    for record in reversed(member.run.history):
        after = record.get("pruned_after")
        test = (after if isinstance(after, dict) else record).get("test")
        if isinstance(test, dict) and isinstance(accuracy := test.get("accuracy"), int | float):
            return float(accuracy)
    return None
