"""The numbers behind a claim: a matrix for each data set, a row a seed and a column an arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.cohorts import Member
from sparsegraph.findings.arms import Arm, Start
from sparsegraph.findings.chance import at_chance_in_words
from sparsegraph.findings.claim import Claim
from sparsegraph.findings.evidence import Evidence, Matched
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.quantities import Quantity
from sparsegraph.findings.starts import OfStart
from sparsegraph.findings.verdict import Scale
from sparsegraph.result import Undefined

Match = Callable[[Evidence, Sequence[Arm]], tuple[Matched, ...]]
"""How runs of several lengths are chosen from."""


@dataclass(frozen=True)
class Samples:
    """What was found on one data set.

    Parameters
    ----------
    data : str
    seeds : tuple of int
    values : ndarray of float, shape (n_seeds, n_arms)
        Rows with an undefined number are left out.
    scale : {"full", "quick", "none"}
    scale_words : str
    lengths : tuple of int
        Epochs of the runs where they differ and the number cannot be cut to the shorter; empty otherwise.
    notes : tuple of str
    at_chance : tuple of str
        How many nets of which methods learned nothing.
    refusals : tuple of str
        Why numbers could not be had, each reason once; empty where some could.
    """

    data: str
    seeds: tuple[int, ...]
    values: np.ndarray
    scale: Scale
    scale_words: str
    lengths: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    at_chance: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()


def samples_of(claim: Claim, evidence: Evidence, laboratory: Laboratory) -> tuple[Samples, ...]:
    """The numbers of a claim on each data set that has them; none where runs are missing.

    Raises
    ------
    SparseGraphError
        If a number of a start cannot be had, such as without its data set; that of a run is then undefined.
    """
    if isinstance(claim.quantity, OfStart):
        starts = [arm for arm in claim.statistic.arms if isinstance(arm, Start)]
        return (_of_starts(claim.quantity, starts, laboratory),)
    return tuple(_of_runs(claim.quantity, one, laboratory) for one in _matched(claim, evidence, Evidence.matched))


def _matched(claim: Claim, evidence: Evidence, match: Match) -> list[Matched]:
    """The runs of the claim's arms, data set by data set, each of which may have other arms."""
    found: list[Matched] = []
    for own in evidence.on_each(claim.data):
        arms = [arm for arm in claim.statistic.arms_among(own.members) if isinstance(arm, Arm)]
        found += match(own, arms)
    return found


def samples_at_full_length(claim: Claim, evidence: Evidence, laboratory: Laboratory) -> tuple[Samples, ...]:
    """The numbers of the longest runs, where the claim was judged on shorter ones that have more seeds."""
    if isinstance(claim.quantity, OfStart):
        return ()
    usual = {one.data: one for one in _matched(claim, evidence, Evidence.matched)}
    found = _matched(claim, evidence, Evidence.longest)
    longer = [one for one in found if one.lengths != usual[one.data].lengths]
    return tuple(_of_runs(claim.quantity, one, laboratory) for one in longer)


def _of_runs(quantity: Quantity, matched: Matched, laboratory: Laboratory) -> Samples:
    shortest, *longer = matched.lengths
    cut = shortest if longer and quantity.can_be_cut else None
    rows, seeds = [], []
    notes: list[str] = []
    refused: list[str] = []
    for seed, members in zip(matched.seeds, matched.members, strict=True):
        row = [
            _number(_had(member, quantity, laboratory, cut, refused), member.run.path.name, notes) for member in members
        ]
        if None not in row:
            rows.append(row)
            seeds.append(seed)
    if cut is not None:
        told = " and ".join(map(str, matched.lengths))
        notes.append(f"{matched.data}: runs of {told} epochs, compared after {shortest}")
    return Samples(
        matched.data,
        tuple(seeds),
        np.array(rows, float).reshape(len(rows), len(matched.members[0])),
        "full" if matched.is_full else "quick",
        ", ".join(matched.scales),
        matched.lengths if longer and not quantity.can_be_cut else (),
        tuple(notes),
        at_chance_in_words(member for row in matched.members for member in row),
        () if rows else tuple(dict.fromkeys(refused)),
    )


def _had(
    member: Member, quantity: Quantity, laboratory: Laboratory, n_epochs: int | None, refused: list[str]
) -> float | Undefined:
    """The number of a run; undefined where it cannot be had: the other runs are judged."""
    try:
        return laboratory.number(member, quantity, n_epochs)
    except SparseGraphError as error:
        refused.append(" ".join(str(error).split()))
        return Undefined(refused[-1])


def _of_starts(quantity: OfStart, starts: Sequence[Start], laboratory: Laboratory) -> Samples:
    laboratory.progress(f"{quantity.words} of {', '.join(start.label for start in starts)}")
    notes: list[str] = []
    rows, draws = [], []
    for draw in range(quantity.n_draws):
        row = [
            _number(quantity.of(start, draw, seed=laboratory.seed, folder=laboratory.data_dir), f"draw {draw}", notes)
            for start in starts
        ]
        if None not in row:
            rows.append(row)
            draws.append(draw)
    data = next((start.data for start in starts if start.data), None) or "generators"
    values = np.array(rows, float).reshape(len(rows), len(starts))
    return Samples(data, tuple(draws), values, "none", "needs no training", (), tuple(notes))


def _number(value: float | Undefined, where: str, notes: list[str]) -> float | None:
    if isinstance(value, Undefined):
        notes.append(f"{where}: undefined ({value.reason})")
        return None
    return value
