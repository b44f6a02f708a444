"""Figures and tables of 002, second half: CHT against dense nets, RigL and MEST."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sparsegraph.figures.figure import Choice, Figure, Needs, entries, impossible
from sparsegraph.figures.kinds.csti_map import csti_map
from sparsegraph.figures.kinds.curves import Series, curves
from sparsegraph.figures.kinds.dots import Quantity, dots
from sparsegraph.figures.kinds.paper_table import Column, paper_table
from sparsegraph.figures.kinds.plane import beside_dense, plane
from sparsegraph.figures.kinds.sensitivity import Option, sensitivity, varied_in
from sparsegraph.figures.material import Material

_SPARSE = ("cht-cht", "cht-rigl", "cht-mest", "cht-set")
_ROWS = ("cht-dense", "cht-rigl", "cht-mest", "cht-cht", "cht-dense-2x", "cht-rigl-2x", "cht-mest-2x", "cht-cht-2x")
_OPTIONS = (
    Option("learning_rate", "learning rate", log=True),
    Option("update_every", "epochs between updates"),
    Option("sparsity", "sparsity"),
)


def _ablation(material: Material) -> Sequence[Choice]:
    """CHT, and CHT without one of its parts, on the data sets that have such runs."""
    found = material.cohorts
    parts = [(f"{one.changes['start'].upper()} start", one) for one in found.varied("cht-cht", "start")]
    parts += [
        (f"{one.changes['start_weights'].capitalize()} weights", one)
        for one in found.varied("cht-cht", "start_weights")
    ]
    never = found.varied("esml-esml", "hidden", "learning_rate", "start", "start_weights")
    parts += [("no early stop", one) for one in never]
    data = {one.data for _, one in parts}
    return [*(("CHT", one) for one in found.select(["cht-cht"]) if one.data in data), *parts]


FIGURES = entries(
    Figure(
        "cht-3",
        "002",
        "figure 3",
        "Accuracy and AAE of sparse nets against the dense net of the same width, in per cent of it.",
        partial(plane, profiles=_SPARSE, dense="cht-dense"),
        Needs(
            ("cht-cht", "cht-dense"),
            least=2,
            what="on the same data",
            choose=partial(beside_dense, profiles=("cht-cht",), dense="cht-dense"),
        ),
    ),
    Figure(
        "cht-4",
        "002",
        "figure 4",
        "Active neurons after percolation (ANP) at the end, and time to 99 % of the best accuracy.",
        partial(
            dots,
            profiles=(*_SPARSE, "cht-dense"),
            quantities=(Quantity("anp", "ANP (%)"), Quantity("log10_seconds", "log10 of the time\nto converge (s)")),
        ),
        Needs(("cht-cht", "cht-rigl"), least=1),
    ),
    Figure(
        "cht-a1",
        "002",
        "figure A1",
        "What learning rate, interval between updates and sparsity do to CHT.",
        partial(
            sensitivity,
            profile="cht-cht",
            options=_OPTIONS,
            quantities=(Quantity("accuracy", "accuracy (%)"), Quantity("aae", "AAE (%)"), Quantity("anp", "ANP (%)")),
        ),
        Needs(
            ("cht-cht",),
            least=4,
            varied=("learning_rate",),
            what="of several learning_rate, update_every, sparsity",
            choose=partial(varied_in, profile="cht-cht", options=_OPTIONS),
        ),
    ),
    Figure(
        "cht-a2",
        "002",
        "figure A2",
        "CHT, and CHT without its start, its start weights or its early stop; and the overlap of removed and regrown "
        "links.",
        partial(
            curves,
            profiles=(),
            choose=_ablation,
            series=(
                Series("test.accuracy", "test accuracy", percent=True, skip=0.02),
                Series("overlap", "overlap of the\nfirst block", layer="fc1", reference=0.9),
                Series("anp.whole", "ANP", percent=True),
            ),
        ),
        Needs(
            ("cht-cht",),
            varied=("start",),
            what="with start=er, start_weights=kaiming, and esml-esml as CHT",
            choose=_ablation,
        ),
    ),
    Figure(
        "cht-a4",
        "002",
        "figure A4",
        "The correlated start (CSTI) on MNIST: links of each pixel, and the degrees with their exponent.",
        partial(csti_map, data="mnist"),
        Needs(data=("mnist",)),
    ),
    impossible(
        "cht-table-a1",
        "002",
        "table A1",
        "Accuracy and AAE of VGG-16 on CIFAR-10 and of ResNet-50 on CIFAR-100 and ImageNet.",
        "it needs a GPU for weeks, and ImageNet; the paper's numbers are in sparsegraph/papers/numbers.csv",
    ),
    Figure(
        "cht-table-a2",
        "002",
        "table A2",
        "Accuracy and AAE of multilayer perceptrons, as wide as the inputs and twice as wide.",
        partial(
            paper_table,
            table="002 table A2",
            profiles=_ROWS,
            columns=(Column("accuracy", "accuracy (%)"), Column("aae", "AAE (%)")),
        ),
        Needs(_ROWS),
        kind="table",
    ),
    Figure(
        "cht-table-a3",
        "002",
        "table A3",
        "Active neurons after percolation at the end of the training, inputs and hidden neurons.",
        partial(
            paper_table,
            table="002 table A3",
            profiles=("cht-cht", "cht-rigl", "cht-cht-2x", "cht-rigl-2x"),
            columns=(Column("anp", "ANP (%)"),),
        ),
        Needs(("cht-cht", "cht-rigl", "cht-cht-2x", "cht-rigl-2x")),
        kind="table",
    ),
)
