"""Rich club in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sparsegraph.measures.rich_club import RichClub
from sparsegraph.report.numbers import given_percent, percent
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, number, share_cell, table
from sparsegraph.result import Undefined

MOST_ROWS = 8


@tells(RichClub)
def _sentence(result: RichClub) -> str:
    top = result.top
    if isinstance(top.coefficient, Undefined):
        return f"rich club: {top.coefficient}"
    against = "" if isinstance(top.normalised, Undefined) else f", {number(top.normalised)} times that of twins"
    share = given_percent(top.share)
    return f"the top {share} of each layer have {percent(top.coefficient)} of their possible links{against}"


@shows(RichClub)
def _tables(name: str, result: RichClub) -> Iterator[Titled]:
    top = result.top
    rows: list[tuple[Cell, ...]] = [
        ("neurons", top.n_neurons),
        ("links among them", top.n_links),
        ("possible links", top.n_possible),
        ("coefficient", share_cell(top.coefficient)),
        ("over that of the twins", top.normalised),
        ("z", top.z),
    ]
    yield table(
        f"{name}, top {given_percent(top.share)} of each layer", f"{result.readout}; {result.null}", ["", "value"], rows
    )
    if result.by_degree:
        yield table(
            f"{name} by degree",
            result.possible,
            ["more links than", "neurons", "coefficient", "over twins"],
            [_row(result, int(place)) for place in _places(len(result.by_degree))],
        )


def _places(n: int) -> np.ndarray:
    """At most so many rows, spread evenly."""
    return np.unique(np.linspace(0, n - 1, min(n, MOST_ROWS)).round().astype(int))


def _row(result: RichClub, place: int) -> tuple[Cell, ...]:
    ratio = result.normalised[place] if place < len(result.normalised) else None
    return str(result.by_degree[place]), result.n_neurons[place], share_cell(result.coefficients[place]), ratio
