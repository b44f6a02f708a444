"""Every number of the papers' tables, beside which ours are laid."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class PaperNumber:
    """One number as a paper prints it.

    Parameters
    ----------
    paper, table : str
        Such as "003" and "003 table 4".
    method : str
        As in the names of our profiles, without the paper: "ch3l3", "random", "cht-2x", "dense".
    data : str
        As ours are named where they are the same data; else as the paper calls them.
    quantity : str
        Such as "accuracy", "aae", "anp" (in per cent, as printed), "area failure", "effective rank".
    value : float
    spread : float or None
        What the paper prints after the plus-minus sign.
    note : str
        Model, sparsity, or where in the paper.
    """

    paper: str
    table: str
    method: str
    data: str
    quantity: str
    value: float
    spread: float | None
    note: str


@cache
def all_numbers() -> tuple[PaperNumber, ...]:
    """All of them, in the order of the papers."""
    text = (files("sparsegraph.papers") / "numbers.csv").read_text(encoding="utf-8")
    return tuple(_number(row) for row in csv.DictReader(text.splitlines()))


def paper_numbers(**wanted: str) -> tuple[PaperNumber, ...]:
    """The numbers whose fields are these.

    Parameters
    ----------
    **wanted : str
        Fields of :class:`PaperNumber` and what they must be.

    Examples
    --------
    >>> [one.value for one in paper_numbers(table="003 table 4", data="cifar10", note="mlp")]
    [68.08, 65.83, 66.25]
    """
    return tuple(one for one in all_numbers() if all(getattr(one, name) == value for name, value in wanted.items()))


SAME_DATA = {"cifar10-q75": "cifar10"}
"""Data sets that stand for a paper's, by our names."""


def paper_data(name: str) -> str:
    """What the papers' numbers call a data set of ours."""
    return SAME_DATA.get(name, name)


def paper_number(**wanted: str) -> PaperNumber | None:
    """The one number whose fields are these; None where the papers have none.

    Raises
    ------
    ValueError
        If several are.
    """
    found = paper_numbers(**wanted)
    if len(found) > 1:
        raise ValueError(f"{len(found)} numbers of the papers are {wanted}; say more")
    return found[0] if found else None


def _number(row: dict[str, str]) -> PaperNumber:
    value, spread = float(row.pop("value")), row.pop("spread")
    return PaperNumber(**row, value=value, spread=float(spread) if spread else None)
