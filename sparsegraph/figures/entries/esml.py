"""Figures of 002, first half: ESML against SET."""

from __future__ import annotations

from functools import partial

from sparsegraph.figures.figure import Figure, Needs, entries
from sparsegraph.figures.kinds.curves import Measuring, Series, curves
from sparsegraph.figures.kinds.dots import Quantity, dots
from sparsegraph.figures.kinds.nets import Net, at_end, at_start, nets
from sparsegraph.figures.kinds.video import percolation_video

_BOTH = ("esml-esml", "esml-set")
_SPARSE_IN_TIME = 50

FIGURES = entries(
    Figure(
        "esml-1a",
        "002",
        "figure 1, upper row",
        "Test accuracy of ESML and SET over the epochs.",
        partial(curves, profiles=_BOTH, series=(Series("test.accuracy", "test accuracy", percent=True),)),
        Needs(_BOTH),
    ),
    Figure(
        "esml-1b",
        "002",
        "figure 1, lower row",
        "Area under the test accuracy across the epochs (AAE), and the last accuracy, of ESML and SET.",
        partial(
            dots,
            profiles=_BOTH,
            quantities=(Quantity("aae", "AAE (%)"), Quantity("accuracy", "accuracy (%)")),
        ),
        Needs(_BOTH),
    ),
    Figure(
        "esml-2a",
        "002",
        "figure 2A",
        "The start and the nets that SET and ESML made of it, as layers and in the hyperbolic disk.",
        partial(
            nets,
            columns=(
                Net("start", "esml-set", at_start),
                Net("SET, trained", "esml-set", at_end),
                Net("ESML, trained", "esml-esml", at_end),
            ),
            data=("emnist-balanced", "mnist"),
        ),
        Needs(_BOTH, least=2, snapshots="topology"),
    ),
    Figure(
        "esml-2b",
        "002",
        "figure 2B",
        "Exponent of the degrees, structural consistency, modularity and mean path length over the epochs.",
        partial(
            curves,
            profiles=_BOTH,
            series=(
                Series("grid_whole.alpha", "gamma, papers' grid", "powerlaw"),
                Series("all_pairs.mean", "structural\nconsistency", "structural_consistency"),
                Series("modularity", "modularity Q", "modularity"),
                Series("mean", "mean path\nlength (links)", "path_length"),
            ),
            measuring=Measuring(
                _SPARSE_IN_TIME,
                {"replicas": 1, "n_repeats": 3},
                "Whole graph with readout, raw; structural consistency over all pairs, mean of three removals.",
            ),
        ),
        Needs(_BOTH, snapshots="any"),
    ),
    Figure(
        "esml-video",
        "002",
        "video of footnote 1",
        "Percolation over the epochs: plain layers beside the hyperbolic disk, here the last frame; the animation lies "
        "beside it.",
        partial(percolation_video, profile="esml-esml", others=("sulyok-ch3l3", "cht-cht")),
        Needs(("esml-esml", "sulyok-ch3l3", "cht-cht"), shows_first=True, snapshots="topology"),
        kind="video",
    ),
)
