"""The methods of the papers as values: a recipe names one of each rule and holds no hyperparameter of a data set."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from sparsegraph.registry import Registry
from sparsegraph.topology.regrowth import ZeroFill
from sparsegraph.topology.schedules import EMS, Constant, DeltaLinear, Schedule

RECIPES: Registry[Recipe] = Registry("recipe", group="sparsegraph.recipes")


@dataclass(frozen=True)
class Removal:
    """How a recipe removes links.

    Parameters
    ----------
    score : str
        Name in ``REMOVAL_SCORES``.
    exponent : Schedule, optional
        None: rigid.  Else soft: links are kept with probability proportional to the score to this power.
    by_sign : bool
        Positive and negative weights apart, as the original SET.
    options : dict
        Further arguments of the score.
    """

    score: str = "magnitude"
    exponent: Schedule | None = None
    by_sign: bool = False
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Regrowth:
    """How a recipe regrows links.

    Parameters
    ----------
    score : str, optional
        Name in ``REGROWTH_SCORES``; None: uniformly at random.
    exponent : Schedule, optional
        None: rigid.  Else soft: sampled in proportion to the score to this power.
    zero_fill : {"active_only", "all", "none"}
        Where links go when too few candidates have a score.
    sub_ranking : bool
        Order ties by the correlation of shortest paths.
    """

    score: str | None = None
    exponent: Schedule | None = None
    zero_fill: ZeroFill = "active_only"
    sub_ranking: bool = False


@dataclass(frozen=True)
class Recipe:
    """A method of sparse training.

    Parameters
    ----------
    name, summary : str
    kind : {"dense", "static", "dynamic"}
        Dense nets have no mask, static ones a fixed one.
    start : str
        Initialiser of the topology, a name in ``INITIALISERS`` or "from_checkpoint".
    start_weights : str
        Law of the first weights, a name in ``START_WEIGHTS``.
    removal, regrowth : Removal, Regrowth
    regrowth_later : Regrowth, optional
        Takes over after ``switch_at`` of the training.
    zeta : Schedule
        Share of the links of a block removed in an update.
    percolate : bool
        Whether links that lie on no input-output path are dropped before regrowth (chain removal).
    early_stop : float, optional
        Overlap of removed and regrown links from which on the topology of a block stops.
    stop : {"layer", "all"}
        Each block stops for itself, or all when each has reached the overlap once.
    new_weights : str
        "zero", or a name in ``START_WEIGHTS`` by which new links draw.
    regrown_at_once : {"keep", "reinit"}
        What becomes of the weight of a link that is removed and regrown in the same update.
    extra_density : Schedule, optional
        Added to the density of each sparse block (EM&S).
    pruned_after : bool
        Train dense, then prune each layer by magnitude to the density asked for, without fine-tuning.
    """

    name: str
    summary: str
    kind: Literal["dense", "static", "dynamic"] = "dynamic"
    start: str = "er"
    start_options: dict[str, Any] = field(default_factory=dict)
    start_weights: str = "swi"
    removal: Removal = Removal()
    regrowth: Regrowth = Regrowth()
    regrowth_later: Regrowth | None = None
    switch_at: float = 0.5
    zeta: Schedule = Constant(0.3)
    percolate: bool = False
    early_stop: float | None = None
    stop: Literal["layer", "all"] = "layer"
    new_weights: str = "zero"
    regrown_at_once: Literal["keep", "reinit"] = "reinit"
    extra_density: Schedule | None = None
    momentum_beta: float = 0.9
    pruned_after: bool = False

    def policies(self) -> dict[str, str]:
        """The choices that decide results and that papers leave out, in words."""
        if self.kind == "dense":
            return {"start weights": self.start_weights}
        stop = "never" if self.early_stop is None else f"overlap {self.early_stop:g}, per {self.stop}"
        return {
            "start topology": self.start,
            "start weights": self.start_weights,
            "weight of new links": self.new_weights,
            "links regrown at once": self.regrown_at_once,
            "percolation": "yes" if self.percolate else "no",
            "links without a score": self.regrowth.zero_fill if self.regrowth.score else "none",
            "early stop": stop if self.kind == "dynamic" else "static",
        }


def _register(*recipes: Recipe) -> None:
    for recipe in recipes:
        RECIPES.add(recipe.name, recipe)


DENSE = Recipe("dense", "all links, an ordinary dense net", kind="dense", start_weights="kaiming")
SET = Recipe("set", "sparse evolutionary training: magnitude removal, uniform regrowth")
ESML = Recipe(
    "esml",
    "epitopological sparse meta-deep learning: magnitude removal, percolation, CH3-L3 regrowth",
    regrowth=Regrowth("ch3_l3"),
    percolate=True,
    regrown_at_once="keep",
)
CHT = replace(
    ESML,
    name="cht",
    summary="Cannistraci-Hebb training: ESML from a correlated start (CSTI), SWI weights and early stop",
    start="csti",
    early_stop=0.9,
)
CHTS = replace(
    CHT,
    name="chts",
    summary="Cannistraci-Hebb training, soft: sampled removal (magnitude) and sampled CH3-L3 regrowth",
    removal=Removal("magnitude", exponent=DeltaLinear(0.5, 0.75)),
    regrowth=Regrowth("ch3_l3", exponent=Constant(1.0), zero_fill="all"),
    early_stop=None,
)
MEST = Recipe(
    "mest",
    "removal by weight and gradient, uniform regrowth (MEST, elastic mutation)",
    removal=Removal("mest", options={"penalty": 0.01}),
)
RIGL = Recipe(
    "rigl",
    "magnitude removal, regrowth by the gradient of absent links",
    regrowth=Regrowth("gradient"),
    regrown_at_once="keep",
)

_register(
    DENSE,
    replace(DENSE, name="dense-pruned", summary="a dense net, pruned by magnitude after training", pruned_after=True),
    Recipe("static", "a fixed sparse topology", kind="static"),
    Recipe("from-checkpoint", "the topology of another run, fixed", kind="static", start="from_checkpoint"),
    SET,
    replace(SET, name="rlr", summary="random link regrowth (SET), without chain removal"),
    replace(SET, name="rlr-cr", summary="random link regrowth with chain removal", percolate=True),
    replace(
        SET,
        name="set-pm",
        summary="SET as first published: positive and negative weights apart",
        removal=Removal("magnitude", by_sign=True),
    ),
    RIGL,
    Recipe(
        "snfs",
        "magnitude removal, regrowth by the smoothed gradient (sparse momentum)",
        regrowth=Regrowth("momentum"),
    ),
    MEST,
    replace(
        MEST,
        name="mest-ems",
        summary="MEST that starts with more links and sheds them in stages (EM&S)",
        extra_density=EMS(),
    ),
    ESML,
    replace(ESML, name="ch3l3", summary="CH3-L3 regrowth with chain removal (ESML)"),
    replace(ESML, name="ch3l3-no-cr", summary="CH3-L3 regrowth without chain removal", percolate=False),
    CHT,
    CHTS,
    Recipe(
        "random-random",
        "removal and regrowth both uniformly at random",
        removal=Removal("random"),
    ),
)
