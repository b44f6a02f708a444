"""Figures of 004: CHTs, the soft rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sparsegraph.figures.figure import Choice, Figure, Needs, entries, impossible
from sparsegraph.figures.kinds.adjacency import Start, adjacency
from sparsegraph.figures.kinds.curves import Series, curves
from sparsegraph.figures.kinds.diagram import diagram
from sparsegraph.figures.kinds.dots import Quantity, dots
from sparsegraph.figures.kinds.plane import beside_dense, plane
from sparsegraph.figures.kinds.results import results
from sparsegraph.figures.kinds.win_rates import Level, met, win_rates
from sparsegraph.figures.kinds.words import words
from sparsegraph.figures.material import Material
from sparsegraph.figures.scenes.soft_rule import soft_update
from sparsegraph.figures.sheets import hyperparameters

_CHTS = "chts-chts"
_BSF = {"paper": "004", "table": "004 text", "method": "bsf", "quantity": "gamma"}
_BETAS = (0.0, 0.1, 0.25, 0.5, 1.0)

_STARTS = (
    Level("BSF", _CHTS, {"start": "bsf"}),
    Level("BSF, EP", _CHTS, {"start": "bsf+ep"}),
    Level("BSF, Resort", _CHTS, {"start": "bsf+resort"}),
    Level("BSF, EP and Resort", _CHTS, {"start": "bsf+ep+resort"}),
)
_BSW = Level("BSW, β = 0.25", _CHTS, {"start": "bsw", "beta": 0.25})
_REMOVAL = (
    Level("WM, hard", f"{_CHTS}-rigid-removal"),
    Level("WM, soft (CHTs)", _CHTS),
    Level("RI, hard", f"{_CHTS}-ri"),
    Level("RI, soft", f"{_CHTS}-ri-soft"),
)
_REGROWTH = (
    Level("random", f"{_CHTS}-random-regrowth"),
    Level("CH3-L3, rigid", f"{_CHTS}-rigid-regrowth"),
    Level("CH3-L3, soft (CHTs)", _CHTS),
)
_SMALL_WORLDS = tuple(Level(f"{beta:g}", _CHTS, {"start": "bsw", "beta": beta}) for beta in _BETAS)
_METHODS = (_CHTS, "chts-cht", "chts-rigl", "chts-set")
_DENSE = "chts-dense"
_BESIDE_DENSE = Needs(
    (_CHTS, _DENSE),
    least=2,
    what="on the same data",
    choose=partial(beside_dense, profiles=(_CHTS,), dense=_DENSE),
)


def _by_start(material: Material) -> Sequence[Choice]:
    """CSTI, which is the profile's own, and the starts that need no data."""
    names = {"CSTI": {}, "BSF,\nResort": _STARTS[2].changes, "BSW,\nβ = 0.25": _BSW.changes}
    found = [one for one in material.cohorts.cohorts if one.profile == _CHTS]
    return [(name, one) for name, changes in names.items() for one in found if dict(one.changes) == changes]


def _profiles(levels: tuple[Level, ...]) -> tuple[str, ...]:
    return tuple(level.profile for level in levels)


FIGURES = entries(
    Figure(
        "chts-1",
        "004",
        "figure 1",
        "One topology update of a small net by CHTs, with the scores and chances behind its regrowth.",
        partial(diagram, scene=soft_update),
    ),
    Figure(
        "chts-2",
        "004",
        "figure 2",
        "Adjacency matrices of a bipartite scale-free start and of small-world starts of several β.",
        partial(
            adjacency,
            starts=(
                Start("BSF", "bsf", paper=_BSF),
                *(Start(f"BSW, β = {beta:g}", "bsw", {"beta": beta}) for beta in _BETAS),
            ),
            shape=(1000, 1000),
            density=0.01,
        ),
    ),
    Figure(
        "chts-3a",
        "004",
        "figure 3a",
        "Win rates of bipartite scale-free starts: as they are, with equal partition (EP) and with resorting.",
        partial(win_rates, factor="start", levels=_STARTS),
        Needs(
            (_CHTS,),
            least=2,
            varied=("start",),
            what="with start=bsf, bsf+ep, bsf+resort, bsf+ep+resort",
            choose=partial(met, levels=_STARTS),
        ),
    ),
    Figure(
        "chts-3b",
        "004",
        "figure 3b",
        "Win rates of small-world starts by their rewired share β.",
        partial(win_rates, factor="β of BSW", levels=_SMALL_WORLDS),
        Needs(
            (_CHTS,),
            least=2,
            varied=("start", "beta"),
            what="with start=bsw and several beta",
            choose=partial(met, levels=_SMALL_WORLDS),
        ),
    ),
    Figure(
        "chts-3c",
        "004",
        "figure 3c",
        "Win rates of removal by weight magnitude (WM) and relative importance (RI), hard and soft.",
        partial(win_rates, factor="removal", levels=_REMOVAL),
        Needs(_profiles(_REMOVAL), least=2, choose=partial(met, levels=_REMOVAL)),
    ),
    Figure(
        "chts-3d",
        "004",
        "figure 3d",
        "Win rates of random, rigid and soft regrowth.",
        partial(win_rates, factor="regrowth", levels=_REGROWTH),
        Needs(_profiles(_REGROWTH), least=2, choose=partial(met, levels=_REGROWTH)),
    ),
    Figure(
        "chts-4a",
        "004",
        "figure 4a",
        "Accuracy of CHTs and its rivals at 99 % and 99.9 % sparsity, and of the dense net.",
        partial(results, profiles=(_DENSE, *_METHODS), dense=_DENSE, varied="sparsity"),
        Needs((*_METHODS, _DENSE), least=2),
        kind="table",
    ),
    Figure(
        "chts-4b",
        "004",
        "figure 4b",
        "Active neurons after percolation (ANP) of the same nets.",
        partial(results, profiles=_METHODS, dense=_DENSE, quantity="anp", varied="sparsity"),
        Needs(_METHODS, least=2),
        kind="table",
    ),
    Figure(
        "chts-4c",
        "004",
        "figure 4c",
        "CHTs from starts that need training data (CSTI) and that need none (BSF with resorting, BSW with β = 0.25).",
        partial(
            dots,
            profiles=(_CHTS,),
            quantities=(Quantity("accuracy", "test accuracy (%)"), Quantity("aae", "AAE (%)")),
            choose=_by_start,
        ),
        Needs(
            (_CHTS,),
            least=2,
            varied=("start",),
            what="as it is (CSTI), with start=bsf+resort, with start=bsw beta=0.25",
            choose=_by_start,
        ),
    ),
    Figure(
        "chts-4d",
        "004",
        "figure 4d",
        "Change of accuracy and of AAE against the dense net, at 99 % sparsity.",
        partial(plane, profiles=_METHODS, dense=_DENSE),
        _BESIDE_DENSE,
    ),
    Figure(
        "chts-5",
        "004",
        "figure 5",
        "Change of accuracy and of AAE against the dense net for CHTs, CHT, RigL and SET, each with its data sets.",
        partial(plane, profiles=_METHODS, dense=_DENSE),
        _BESIDE_DENSE,
    ),
    Figure(
        "chts-a1",
        "004",
        "figure A1",
        "CHTs against static training on its final topology from the same first weights, and dense nets.",
        partial(
            curves,
            profiles=(_CHTS, "chts-sst", _DENSE),
            series=(
                Series("test.accuracy", "test accuracy", percent=True),
                Series("anp.whole", "active neurons (ANP)", percent=True),
            ),
        ),
        Needs((_CHTS, "chts-sst", _DENSE), least=2),
    ),
    impossible(
        "chts-table-1",
        "004",
        "table 1",
        "BLEU of Transformers at 90 % sparsity on three translation tasks.",
        "needs a GPU and machine translation data: no Transformer is trained here",
    ),
    Figure(
        "chts-table-a1",
        "004",
        "table A1",
        "Hyperparameters of the perceptrons.",
        partial(
            words,
            columns=hyperparameters.CHTS_COLUMNS,
            rows=hyperparameters.of_chts,
            widths=(1.4, 1.2, 1.4),
            faint=hyperparameters.CHTS_COLUMNS[2:],
            notes=("What the paper does not say is assumed as in its authors' code",),
        ),
        kind="table",
    ),
    Figure(
        "chts-table-a2",
        "004",
        "table A2",
        "Hyperparameters of the Transformers.",
        partial(
            words,
            columns=("hyperparameter", "Multi30k", "IWSLT14", "WMT17"),
            rows=hyperparameters.of_transformer,
            widths=(2, 1, 1, 1),
            faint=("Multi30k", "IWSLT14", "WMT17"),
            notes=("The paper's own settings as it prints them: this library has no profile for a Transformer",),
        ),
        kind="table",
    ),
)
