"""Schematics and method tables of 000 and 002: none needs a run."""

from __future__ import annotations

from functools import partial

from sparsegraph.figures.figure import Figure, entries
from sparsegraph.figures.kinds.diagram import diagram
from sparsegraph.figures.kinds.words import words
from sparsegraph.figures.scenes.community import local_community
from sparsegraph.figures.scenes.loops import dst_loop, two_loops
from sparsegraph.figures.sheets import algorithms, methods

FIGURES = entries(
    Figure(
        "sulyok-loop",
        "000",
        "poster and slides, method",
        "The loop of dynamic sparse training, and the net with its sparse linear layers.",
        partial(diagram, scene=dst_loop),
    ),
    Figure(
        "cht-a3",
        "002",
        "figure A3",
        "One topology update of a small net by standard dynamic sparse training (SET) and by ESML.",
        partial(diagram, scene=two_loops),
    ),
    Figure(
        "cht-a5",
        "002",
        "figure A5",
        "How CH3-L3 scores an absent link of a bipartite net: local community, internal and external links.",
        partial(diagram, scene=local_community),
    ),
    Figure(
        "cht-a6",
        "002",
        "figure A6",
        "Methods of sparse training side by side.",
        partial(
            words,
            columns=methods.COLUMNS,
            rows=methods.methods,
            widths=methods.WIDTHS,
            notes=(
                "From our profiles cht-set, cht-rigl, cht-mest and cht-cht; in brackets where the paper's table "
                "differs; methods that are not in this library as the paper has them",
            ),
        ),
        kind="table",
    ),
    Figure(
        "cht-algorithm-1",
        "002",
        "algorithm 1",
        "ESML step by step.",
        partial(
            words,
            columns=algorithms.COLUMNS,
            rows=algorithms.ESML,
            widths=algorithms.WIDTHS,
            faint=algorithms.COLUMNS[2:],
            notes=algorithms.ESML_NOTES,
        ),
        kind="table",
    ),
    Figure(
        "cht-algorithm-2",
        "002",
        "algorithm 2",
        "CHT step by step.",
        partial(
            words,
            columns=algorithms.COLUMNS,
            rows=algorithms.CHT,
            widths=algorithms.WIDTHS,
            faint=algorithms.COLUMNS[2:],
            notes=algorithms.CHT_NOTES,
        ),
        kind="table",
    ),
)
