"""Figures of 000 and 001: Sulyok, structure and robustness."""

from __future__ import annotations

from functools import partial

from sparsegraph.figures.figure import Figure, Needs, entries
from sparsegraph.figures.kinds.curves import Series, curves

_ALL = ("sulyok-ch3l3", "sulyok-rlr", "sulyok-ch3l3-no-cr", "sulyok-rlr-cr", "sulyok-dense")

FIGURES = entries(
    Figure(
        "sulyok-convergence",
        "000",
        "slide Training convergence",
        "Test accuracy of CH3-L3 and random regrowth over the epochs, with the dense net.",
        partial(
            curves,
            profiles=("sulyok-ch3l3", "sulyok-rlr", "sulyok-dense"),
            series=(Series("test.accuracy", "test accuracy", percent=True, skip=0.02),),
        ),
        Needs(("sulyok-ch3l3", "sulyok-rlr", "sulyok-dense"), least=2),
    ),
)
