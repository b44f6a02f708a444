"""A claim of a paper, and the parts that it is judged by: a row of data, never a function of its own."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.findings.arms import Arm, Start
from sparsegraph.findings.quantities import Quantity
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.starts import OfStart
from sparsegraph.findings.statistics import Statistic
from sparsegraph.papers.titles import PAPERS, Paper


@dataclass(frozen=True)
class Printed:
    """Where a paper prints the numbers of a claim.

    Parameters
    ----------
    tables : tuple of str
        As in the papers' numbers.
    quantity : str
    note : str
        That the numbers have; empty for any.
    methods : tuple of str
        Of the arms, where they are not called as ours.
    per : float
        What the printed numbers are divided by: 100 for per cent.
    data : tuple of str
        Only these, as the paper calls them.
    """

    tables: tuple[str, ...]
    quantity: str
    note: str = ""
    methods: tuple[str, ...] = ()
    per: float = 1.0
    data: tuple[str, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One number and what is claimed of it.

    Parameters
    ----------
    quantity : Quantity or OfStart
        Of a run, or of a topology as a generator draws it.
    statistic : Statistic
        How the numbers of the arms are compared.
    rule : Rule
        For runs as long as the paper's.
    quick_rule : Rule, optional
        For shorter ones, where it is relaxed.
    data : tuple of str
        Data sets that the claim is about; empty for all.
    printed : Printed, optional
    counts : bool
        Whether the verdict depends on it; else it is told beside.
    """

    quantity: Quantity | OfStart
    statistic: Statistic
    rule: Rule
    quick_rule: Rule | None = None
    data: tuple[str, ...] = ()
    printed: Printed | None = None
    counts: bool = True

    @property
    def words(self) -> str:
        """What number it is about."""
        return self.statistic.words(self.quantity.words)


@dataclass(frozen=True)
class Finding:
    """What a paper claims.

    Parameters
    ----------
    id : str
        F01 to F60.
    statement : str
        The claim in a sentence.
    paper : str
        Key of ``PAPERS``.
    place : str
        Where in the paper: "figure 4", "text".
    claims : tuple of Claim
        All that count must hold.
    told : str
        What the paper gives where that is no number of its tables: "plot", "below 20 %".
    note : str
        Which reading was taken, and what is not tested.
    impossible : str
        Why it cannot be judged here.
    amended : str
        What was asked before the rule was changed, after results were seen, and what the same runs said by it.
    """

    id: str
    statement: str
    paper: str
    place: str
    claims: tuple[Claim, ...] = ()
    told: str = ""
    note: str = ""
    impossible: str = ""
    amended: str = ""

    @property
    def source(self) -> Paper:
        """The paper."""
        return PAPERS[self.paper]

    @property
    def where(self) -> str:
        """Authors, number and place."""
        return f"{self.source.authors} [{self.paper}], {self.place}"

    @property
    def arms(self) -> tuple[Arm | Start, ...]:
        """All that it compares, each once."""
        return tuple(dict.fromkeys(arm for claim in self.claims for arm in claim.statistic.arms))

    @property
    def needs(self) -> str:
        """What runs it is judged on, in words."""
        if self.impossible:
            return self.impossible
        runs = [arm.words for arm in self.arms if isinstance(arm, Arm)]
        options = dict.fromkeys(getattr(claim.statistic, "option", "") for claim in self.claims)
        told = [*runs, *(f"with at least three values of {option}" for option in options if option)]
        images = dict.fromkeys(arm.data for arm in self.arms if isinstance(arm, Start) and arm.data)
        return "runs of " + ", ".join(told) if told else f"images of {', '.join(images)}" if images else "no runs"
