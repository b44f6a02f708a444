"""Tables of 003, and figures of accuracy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sparsegraph.figures.figure import Choice, Figure, Needs, entries
from sparsegraph.figures.kinds.curves import Series, curves
from sparsegraph.figures.kinds.dots import Quantity, dots
from sparsegraph.figures.kinds.paper_table import Column, paper_table
from sparsegraph.figures.kinds.words import words
from sparsegraph.figures.material import Material
from sparsegraph.figures.sheets import survival as sheets

_RULES = ("survival-random", "survival-gradient", "survival-momentum")
_REMOVALS = tuple(rule + suffix for suffix in ("", "-pm", "-random-removal") for rule in _RULES)
_MIXED = tuple(
    f"survival-{first}-to-{then}"
    for first in ("random", "gradient", "momentum")
    for then in ("random", "gradient", "momentum")
    if first != then
)
_ACCURACY = (Column("accuracy", "accuracy (%)"),)


def _removals(material: Material) -> Sequence[Choice]:
    """Removal by removal, on the data sets on which more than magnitude was tried."""
    cohorts = material.cohorts.select(_REMOVALS)
    tried = {cohort.data for cohort in cohorts if cohort.profile not in _RULES}
    words = {"pm": "by sign", "random-removal": "at random"}
    told = []
    for cohort in (one for one in cohorts if one.data in tried):
        regrowth, _, removal = cohort.profile.removeprefix("survival-").partition("-")
        told.append((f"{regrowth}, {words.get(removal, 'by magnitude')}", cohort))
    return told


_CONVNET = {"model": "convnet"}


def _convnet(material: Material) -> Sequence[Choice]:
    return [("ConvNet", cohort) for cohort in material.cohorts.changed(["survival-random"], _CONVNET)]


def _with(changes: Mapping[str, Any]) -> Callable[[Material], Sequence[Choice]]:
    """Chooses the runs of a table: those that differ from the rules in exactly these options."""
    return lambda material: [(one.label, one) for one in material.cohorts.changed(_RULES, changes)]


FIGURES = entries(
    Figure(
        "survival-3",
        "003",
        "figure 3",
        "Accuracy of the convolutional net as the learning rate falls at 50 and 75 % of the training.",
        partial(
            curves,
            profiles=(),
            choose=_convnet,
            series=(
                Series("test.accuracy", "test accuracy", percent=True),
                Series("learning_rate", "learning rate", log=True, steps=True),
            ),
        ),
        Needs(("survival-random",), varied=("model",), what="with model=convnet", choose=_convnet),
    ),
    Figure(
        "survival-13",
        "003",
        "figure 13",
        "Test accuracy by regrowth (named first) and removal (by magnitude, by sign, at random).",
        partial(dots, profiles=(), choose=_removals, quantities=(Quantity("accuracy", "test accuracy (%)"),)),
        Needs(_REMOVALS, least=4),
    ),
    Figure(
        "survival-table-1",
        "003",
        "table 1",
        "Removal and regrowth of the methods, by our profiles.",
        partial(words, columns=sheets.METHODS, rows=sheets.methods, faint=sheets.METHODS[-1:]),
        kind="table",
    ),
    Figure(
        "survival-table-2",
        "003",
        "table 2",
        "How the links are shared out over the blocks at the start.",
        partial(words, columns=sheets.STARTS, rows=sheets.starts),
        kind="table",
    ),
    Figure(
        "survival-table-3",
        "003",
        "table 3",
        "Test accuracy of the dense multilayer perceptron.",
        partial(paper_table, table="003 table 3", profiles=("survival-dense",), columns=_ACCURACY, note="mlp"),
        Needs(("survival-dense",)),
        kind="table",
    ),
    Figure(
        "survival-table-4",
        "003",
        "table 4",
        "Test accuracy of the multilayer perceptron at 95 % sparsity.",
        partial(paper_table, table="003 table 4", profiles=_RULES, columns=_ACCURACY, note="mlp"),
        Needs(_RULES),
        kind="table",
    ),
    Figure(
        "survival-table-4-convnet",
        "003",
        "table 4, ConvNet",
        "Test accuracy of the small convolutional net at 95 % sparsity.",
        partial(
            paper_table,
            table="003 table 4",
            profiles=_RULES,
            columns=_ACCURACY,
            note="convnet",
            changes=_CONVNET,
        ),
        Needs(_RULES, varied=("model",), what="with model=convnet", choose=_with(_CONVNET)),
        kind="table",
    ),
    Figure(
        "survival-table-5",
        "003",
        "table 5",
        "Parameters of the multilayer perceptron and the convolutional net.",
        partial(
            words,
            columns=sheets.NETS,
            rows=sheets.nets,
            faint=sheets.NETS[-1:],
            notes=("5 %: of the weights, which is our budget of links; of weights and biases, which is the paper's.",),
        ),
        kind="table",
    ),
    Figure(
        "survival-table-6",
        "003",
        "table 6",
        "Sizes of training, validation and test parts.",
        partial(
            words,
            columns=sheets.SPLITS,
            rows=sheets.splits,
            faint=sheets.SPLITS[-1:],
            notes=("The paper's CIFAR-10 has 70,000 images in all; its parts add up to 60,000.",),
        ),
        Needs(data=("mnist", "fashion-mnist", "cifar10-q75")),
        kind="table",
    ),
    *(
        Figure(
            f"survival-table-7-{share}",
            "003",
            f"table 7, {share} %",
            f"Test accuracy of the multilayer perceptron at {share} % sparsity.",
            partial(
                paper_table,
                table="003 table 7",
                profiles=_RULES,
                columns=_ACCURACY,
                note=f"mlp {share} %",
                changes={"sparsity": share / 100},
            ),
            Needs(
                _RULES,
                varied=("sparsity",),
                what=f"with sparsity={share / 100:g}",
                choose=_with({"sparsity": share / 100}),
            ),
            kind="table",
        )
        for share in (90, 80)
    ),
    Figure(
        "survival-table-8",
        "003",
        "table 8",
        "Test accuracy when regrowth changes at half of the training.",
        partial(paper_table, table="003 table 8", profiles=_MIXED, columns=_ACCURACY, note="mlp"),
        Needs(_MIXED),
        kind="table",
    ),
)
