"""Figures of 000 and 001: Sulyok, structure and robustness."""

from __future__ import annotations

from functools import partial

from sparsegraph.figures.figure import Figure, Needs, entries
from sparsegraph.figures.kinds.curves import Series, curves
from sparsegraph.figures.kinds.paper_table import STRUCTURE, Column, paper_table, structure_numbers
from sparsegraph.figures.kinds.perturbations import perturbations
from sparsegraph.figures.kinds.weight_profiles import weight_profiles

_RULES = ("sulyok-ch3l3", "sulyok-ch3l3-no-cr", "sulyok-rlr", "sulyok-rlr-cr")
_WITH_DENSE = ("sulyok-ch3l3", "sulyok-rlr", "sulyok-dense")

FIGURES = entries(
    Figure(
        "sulyok-convergence",
        "000",
        "slide Training convergence",
        "Test accuracy of CH3-L3 and random regrowth over the epochs, with the dense net.",
        partial(
            curves,
            profiles=_WITH_DENSE,
            series=(Series("test.accuracy", "test accuracy", percent=True, skip=0.02),),
        ),
        Needs(_WITH_DENSE, least=2),
    ),
    Figure(
        "sulyok-robustness",
        "000",
        "slide Robustness analysis",
        "Test accuracy of trained nets as links fail, are removed in the order of their weights, or change.",
        partial(perturbations, profiles=_RULES),
        Needs(_RULES, least=2, snapshots="weights"),
    ),
    Figure(
        "sulyok-table",
        "000",
        "table of areas and ranks (slides)",
        "Areas under the accuracy of five perturbations, and effective and stable rank.",
        partial(
            paper_table,
            table="001 table 1",
            profiles=_RULES,
            columns=(
                Column("area strongest", "strongest first"),
                Column("area weakest", "weakest first"),
                Column("area failure", "random failure"),
                Column("area shuffled", "shuffled"),
                Column("area noise", "noise"),
                Column("effective rank", "effective rank"),
                Column("stable rank", "stable rank"),
            ),
            numbers=structure_numbers,
            over_data="mean of four",
            digits=3,
        ),
        Needs(_RULES, least=1, snapshots="weights", numbers=tuple(STRUCTURE)),
        kind="table",
    ),
    Figure(
        "sulyok-weights",
        "000",
        "slide Weight distribution",
        "Weights of the links of each sparse block at the end of the training.",
        partial(weight_profiles, profiles=("sulyok-ch3l3", "sulyok-rlr")),
        Needs(("sulyok-ch3l3", "sulyok-rlr"), snapshots="weights"),
    ),
)
