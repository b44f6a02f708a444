"""What was found of a claim: numbers with their uncertainty, a word, and a sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from sparsegraph.findings.claim import Finding
from sparsegraph.findings.rule import Unit, written
from sparsegraph.result import Result

Word = Literal["supported", "contradicted", "inconclusive", "not run"]
WORDS: tuple[Word, ...] = ("supported", "contradicted", "inconclusive", "not run")
Scale = Literal["full", "quick", "none"]
"""Of the runs: as long as the paper's, shorter, or no training at all."""


@dataclass(frozen=True)
class OnData(Result):
    """The number on one data set.

    Parameters
    ----------
    data : str
    value : float or None
    standard_error : float or None
        Over seeds.
    n : int
        Seeds with a defined number.
    seeds : tuple of int
    holds : bool or None
        Whether the value is on the claimed side.
    """

    data: str
    value: float | None
    standard_error: float | None
    n: int
    seeds: tuple[int, ...]
    holds: bool | None


@dataclass(frozen=True)
class PaperValue(Result):
    """The same number as a paper prints it, and whether the claim holds for it."""

    data: str
    value: float
    holds: bool


@dataclass(frozen=True)
class Part(Result):
    """One claim of a finding, judged.

    Parameters
    ----------
    words, unit, rule : str
        What the number is, how it is written, and what is claimed of it.
    verdict : str
    holds : bool or None
        Whether the value is on the claimed side, whatever that is worth; None without a value.
    value, standard_error, low, high : float or None
        Pooled over data sets and seeds, with the 95 % interval; of a ratio ``standard_error`` is that of its logarithm.
    p_value : float or None
        One-sided and exact that the claim's bound is not met; of two bounds the larger.
    effect_size : float or None
        Cohen's d of the distances from the bound, seed by seed.
    n, n_seeds : int
        Numbers pooled, and seeds of the data set that has most.
    per_data : tuple of OnData
    paper : tuple of PaperValue
    scale, scale_words : str
    counts : bool
        Whether the verdict of the finding depends on it.
    reason : str
        Why it was not run or remains open; empty otherwise.
    notes : tuple of str
        Undefined numbers, unequal lengths, other lengths.
    convention : str
    at_chance : tuple of str
        How many nets of which methods learned nothing, on which data set.
    """

    words: str
    unit: Unit
    rule: str
    verdict: Word
    holds: bool | None = None
    value: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    effect_size: float | None = None
    n: int = 0
    n_seeds: int = 0
    per_data: tuple[OnData, ...] = ()
    paper: tuple[PaperValue, ...] = ()
    scale: Scale = "none"
    scale_words: str = ""
    counts: bool = True
    reason: str = ""
    notes: tuple[str, ...] = ()
    convention: str = ""
    at_chance: tuple[str, ...] = ()

    @property
    def ours(self) -> str:
        """Value and standard error as text."""
        if self.value is None:
            return "-"
        number, space, unit = written(self.value, self.unit).partition(" ")
        return f"{number}{self.error and ' '}{self.error}{space}{unit}"

    @property
    def draws_are_alike(self) -> bool:
        """Whether a generator gave one number in all draws, so that their count and spread say nothing."""
        if self.scale != "none" or self.n < 2 or self.low is None or self.high is None:
            return False
        return math.isclose(self.low, self.high, rel_tol=1e-9)  # the mean of equal numbers may differ in a last digit

    @property
    def n_words(self) -> str:
        """How many numbers were pooled, as text."""
        return "every draw alike" if self.draws_are_alike else str(self.n or "-")

    @property
    def error(self) -> str:
        """Standard error as text, without its unit; empty where there is none, and of ratios."""
        if self.standard_error is None or self.unit == "ratio" or self.draws_are_alike:
            return ""
        scale = 100 if self.unit in ("share", "points") else 1
        return f"± {written(scale * self.standard_error, 'number', 2)}"

    @property
    def theirs(self) -> str:
        """What the paper prints, as text: one number, or the least and the largest over data sets."""
        values = [one.value for one in self.paper]
        if not values:
            return ""
        low, high = written(min(values), self.unit), written(max(values), self.unit)
        return low if low == high else f"{low.split()[0].rstrip('×')} to {high}"


@dataclass(frozen=True)
class Verdict:
    """A finding, judged.

    Parameters
    ----------
    finding : Finding
    verdict : {"supported", "contradicted", "inconclusive", "not run"}
    parts : tuple of Part
        As the claims of the finding.
    sentence : str
        The verdict and its grounds.
    is_indicative : bool
        Whether fewer than three seeds are behind it, so that it says a side at most.
    """

    finding: Finding
    verdict: Word
    parts: tuple[Part, ...]
    sentence: str
    is_indicative: bool = False

    @property
    def counting(self) -> tuple[Part, ...]:
        """The parts that the verdict depends on."""
        return tuple(part for part in self.parts if part.counts)

    @property
    def is_of_runs(self) -> bool:
        """Whether runs speak to it, and not only generators."""
        return any(part.value is not None and part.scale != "none" for part in self.counting)

    @property
    def parts_words(self) -> str:
        """What a single number of it leaves unsaid: "1 of 4 parts, 2 not run"; empty where it has but one part."""
        n, n_missing = len(self.counting), sum(part.verdict == "not run" for part in self.counting)
        if n < 2:
            return ""
        return f"1 of {n} parts" + (f", {n_missing} not run" if n_missing else "")

    @property
    def scale(self) -> Scale:
        """That of the shortest runs."""
        scales = {part.scale for part in self.counting if part.value is not None}
        return "quick" if "quick" in scales else "full" if "full" in scales else "none"

    @property
    def scale_words(self) -> str:
        """How long the runs are, in words."""
        return "; ".join(dict.fromkeys(part.scale_words for part in self.counting if part.scale_words))

    @property
    def label(self) -> str:
        """The verdict as tables print it: with the scale where it is quick, with the side where it is indicative."""
        if self.is_indicative:
            sides = {part.holds for part in self.counting if part.holds is not None}
            side = "mixed" if len(sides) > 1 else "for" if True in sides else "against"
            return f"indicative: {side}" + (" (quick)" if self.scale == "quick" else "")
        return f"{self.verdict} (quick)" if self.scale == "quick" and self.verdict != "not run" else self.verdict

    @property
    def paper_contradicts(self) -> tuple[str, ...]:
        """Where the paper's own numbers speak against its claim."""
        return tuple(
            f"{part.words}, {one.data}: {written(one.value, part.unit)}, claimed is {part.rule}"
            for part in self.parts
            for one in part.paper
            if not one.holds
        )

    @property
    def main(self) -> Part | None:
        """The part that a table shows: that which decided, else the first."""
        told = [part for part in self.counting if part.value is not None]
        decided = [part for word in ("contradicted", self.verdict) for part in told if part.verdict == word]
        return next(iter([*decided, *told, *self.parts]), None)

    def row(self) -> dict[str, Any]:
        """One plain row for a table, all values text or numbers."""
        main, finding = self.main, self.finding
        return {
            "id": finding.id,
            "statement": finding.statement,
            "source": finding.where,
            "measured": "" if main is None else main.words,
            "rule": "" if main is None else main.rule,
            "paper": (main.theirs if main else "") or finding.told,
            "ours": "-" if main is None else main.ours,
            "n": 0 if main is None else main.n,
            "n_words": "-" if main is None else main.n_words,
            "n_seeds": 0 if main is None else main.n_seeds,
            "n_parts": len(self.counting),
            "parts_words": self.parts_words,
            "verdict": self.verdict,
            "label": self.label,
            "scale": self.scale,
            "scale_words": self.scale_words,
            "p_value": None if main is None else main.p_value,
            "sentence": self.sentence,
            "paper_contradicts": len(self.paper_contradicts),
        }

    def to_dict(self) -> dict[str, Any]:
        """Everything, ready for JSON."""
        finding = self.finding
        return {
            "id": finding.id,
            "statement": finding.statement,
            "source": {"paper": finding.paper, "title": finding.source.title, "place": finding.place},
            "verdict": self.verdict,
            "label": self.label,
            "scale": self.scale,
            "scale_words": self.scale_words,
            "indicative": self.is_indicative,
            "sentence": self.sentence,
            "paper_contradicts": list(self.paper_contradicts),
            "told": finding.told,
            "note": finding.note,
            "amended": finding.amended,
            "needs": finding.needs,
            "parts": [part.to_dict() for part in self.parts],
        }
