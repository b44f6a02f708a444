"""Recipes with the hyperparameters of the papers, named ``<paper>-<method>``; ``-quick`` reduces the epochs only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from sparsegraph.errors import UnknownNameError
from sparsegraph.near_names import near_names
from sparsegraph.papers.titles import QUICK
from sparsegraph.registry import Registry
from sparsegraph.topology.schedules import Constant, Cosine, Linear, MultiStep, Schedule
from sparsegraph.training.optimiser import SGD, Adam
from sparsegraph.training.recipes import RECIPES, Recipe, Regrowth, Removal

_QUICK_SHARE = 10

PROFILES: Registry[Profile] = Registry("profile", group="sparsegraph.profiles")


@dataclass(frozen=True)
class Profile:
    """A recipe with everything else that a training run needs, but data and seed.

    Parameters
    ----------
    name : str
    recipe : Recipe
    source : str
        The paper whose hyperparameters these are.
    model : str
        "mlp", "rbm", or a name in ``MODELS``.
    hidden : tuple of int or {"1x", "2x"}
        Neurons of each hidden layer; three of one or two times the inputs.
    density : float
        Share of links present: in each sparse block, or over all blocks if ``allocation`` says so.
    allocation : {"uniform", "er", "erk"}
        "uniform": every block but the dense readout has the density.  "er", "erk": the density is that of all blocks
        together, shared out by their shape, readout included.
    optimiser : SGD or Adam
    learning_rate : Schedule
    batch_size, epochs : int
    update_every : int
        Topology update interval, in ``update_unit``.
    data, split : str
        Default data set, and how it is split.
    augment : bool
        Random crops and horizontal flips of the training images.
    assumed : tuple of str
        What the paper does not say and is assumed here.
    """

    name: str
    recipe: Recipe
    source: str
    model: str = "mlp"
    hidden: tuple[int, ...] | Literal["1x", "2x"] = (1000, 1000, 1000)
    density: float = 0.01
    allocation: Literal["uniform", "er", "erk"] = "uniform"
    optimiser: SGD | Adam = SGD(momentum=0.9, weight_decay=1e-5)
    learning_rate: Schedule = Constant(0.01)
    batch_size: int = 32
    epochs: int = 100
    update_every: int = 1
    update_unit: Literal["epoch", "step"] = "epoch"
    data: str = "mnist"
    split: str = "standard"
    augment: bool = False
    assumed: tuple[str, ...] = ()


def find_profile(name: str) -> Profile:
    """The profile of that name; a recipe's name gives the recipe with default hyperparameters.

    Parameters
    ----------
    name : str
        A name in ``PROFILES`` or ``RECIPES``, with or without ``-quick``.

    Raises
    ------
    UnknownNameError
    """
    plain = name.removesuffix(QUICK)
    if plain not in RECIPES and plain not in PROFILES:
        recipes = f"recipes are {', '.join(RECIPES)}; sparsegraph train --list has profiles too"
        hint = near_names(plain, [*RECIPES, *PROFILES], otherwise=recipes)
        raise UnknownNameError(f"there is no recipe or profile named {plain!r}; {hint}")
    if plain in RECIPES:
        recipe = RECIPES[plain]
        hidden: tuple[int, ...] | Literal["1x"] = "1x" if recipe.start.startswith("csti") else (1000, 1000, 1000)
        profile = Profile(plain, recipe, "defaults", hidden=hidden)
    else:
        profile = PROFILES[plain]
    return profile if plain == name else quick(profile)


def quick(profile: Profile) -> Profile:
    """The same profile with a tenth of its epochs."""
    return replace(profile, name=profile.name + QUICK, epochs=max(2, profile.epochs // _QUICK_SHARE))


_SULYOK = Profile(
    "sulyok",
    RECIPES["rlr"],
    "Sulyok, Dynamic Sparse Training: structure and robustness (poster and slides)",
    assumed=(
        "epochs, learning rate, batch and optimiser as ESML but learning rate 0.01 and 100 epochs",
        "uniform random start topology",
        "start weights Kaiming on the dense fan-in, as ESML",
    ),
)
_ESML = Profile(
    "esml",
    RECIPES["esml"],
    "Zhang et al., ICLR 2024, ESML against SET",
    learning_rate=Constant(1e-4),
    epochs=250,
    assumed=("start weights Kaiming on the dense fan-in, as the authors' code",),
)
_CHT = Profile(
    "cht",
    RECIPES["cht"],
    "Zhang et al., ICLR 2024, CHT against all",
    hidden="1x",
    assumed=("100 epochs, as the authors' code", "new links 0, as the authors' code (the paper's table says SWI)"),
)
_SURVIVAL = Profile(
    "survival",
    RECIPES["set"],
    "Matab et al., Survival of the Most Connected",
    hidden=(1024, 512),
    density=0.05,
    allocation="erk",
    optimiser=SGD(momentum=0.9, weight_decay=5e-4, nesterov=True),
    learning_rate=MultiStep(0.1, 0.1, (0.5, 0.75)),
    batch_size=128,
    epochs=300,
    update_every=400,
    update_unit="step",
    data="cifar10-q75",
    split="survival",
    assumed=("start weights: the layer's default law, scaled to its links", "momentum 0.9 in the smoothed gradient"),
)
_CHTS = Profile(
    "chts",
    RECIPES["chts"],
    "Zhang et al. 2024, CHTs",
    hidden="2x",
    optimiser=SGD(momentum=0.9, weight_decay=5e-4),
    learning_rate=Linear(0.025, 2.5e-4),
    assumed=("weight decay 5e-4 and momentum 0.9, as the authors' command", "start weights SWI"),
)


def _of(base: Profile, recipe: Recipe, name: str | None = None, **changes: Any) -> Profile:
    return replace(base, name=f"{base.name}-{name or recipe.name}", recipe=recipe, **changes)


_CHTS_WITH: dict[str, tuple[str, dict[str, Any]]] = {
    "rigid-removal": ("the weakest links are removed", {"removal": Removal()}),
    "ri": ("the links of least relative importance are removed", {"removal": Removal("relative_importance")}),
    "ri-soft": (
        "removal sampled by relative importance",
        {"removal": Removal("relative_importance", RECIPES["chts"].removal.exponent)},
    ),
    "rigid-regrowth": (
        "the links of highest CH3-L3 are regrown",
        {"regrowth": replace(RECIPES["chts"].regrowth, exponent=None)},
    ),
    "random-regrowth": ("regrowth uniformly at random", {"regrowth": Regrowth()}),
}
"""CHTs with one rule in place of another: figure 3c, d of its paper."""

_SURVIVAL_RECIPE = Recipe("survival", "", start_weights="torch-links", zeta=Cosine(0.5), regrown_at_once="reinit")
_SURVIVAL_REGROWTH = {"random": Regrowth(), "gradient": Regrowth("gradient"), "momentum": Regrowth("momentum")}
_SURVIVAL_REMOVAL = {
    "": Removal(),
    "-pm": Removal("magnitude", by_sign=True),
    "-random-removal": Removal("random"),
}


def _survival(name: str, summary: str, **rules: Any) -> Profile:
    return _of(_SURVIVAL, replace(_SURVIVAL_RECIPE, name=name, summary=summary, **rules))


_RBM_SIZES = {"big": 1000, "small": 100}
_RBM = replace(
    _SURVIVAL,
    name="survival-rbm",
    source="Matab et al., Survival of the Most Connected, appendix D",
    model="rbm",
    hidden=(1000,),
    optimiser=SGD(momentum=0.9),
    learning_rate=Constant(0.05),
    epochs=30,
    data="mnist",
    split="standard",
    assumed=(
        "784 visible and 1000 (big) or 100 (small) hidden neurons, both binary, pixels read as probabilities",
        "one step of contrastive divergence; hidden states sampled, reconstructions as probabilities",
        "batches of 128, momentum 0.9, no weight decay, a learning rate of 0.05, 30 epochs",
        "start weights normal with standard deviation 0.01, biases 0",
        "95 % sparse from a uniform random start, an update every 400 batches as for the perceptrons",
    ),
)


def _kaiming(recipe: Recipe) -> Recipe:
    """With start weights on the dense fan-in, as the authors of ESML and CHT ran all but CHT itself."""
    return replace(recipe, start_weights="kaiming")


def _profiles() -> Iterator[Profile]:
    for name in ("rlr", "rlr-cr", "ch3l3", "ch3l3-no-cr", "dense", "dense-pruned"):
        yield _of(_SULYOK, _kaiming(RECIPES[name]))
    for name in ("esml", "set"):
        yield _of(_ESML, _kaiming(RECIPES[name]))
    rigl = replace(RECIPES["rigl"], zeta=Cosine(0.3, end=0.75))
    rivals = [_kaiming(recipe) for recipe in (rigl, RECIPES["mest"], RECIPES["set"], RECIPES["dense"])]
    for recipe in (RECIPES["cht"], *rivals):
        yield _of(_CHT, recipe)
        yield _of(_CHT, recipe, f"{recipe.name}-2x", hidden="2x")
    for method, regrowth in _SURVIVAL_REGROWTH.items():
        for suffix, removal in _SURVIVAL_REMOVAL.items():
            yield _survival(method + suffix, f"regrowth: {method}", removal=removal, regrowth=regrowth)
        for later in _SURVIVAL_REGROWTH.keys() - {method}:
            summary = f"regrowth: {method}, from half of the training on {later}"
            rules = {"regrowth": regrowth, "regrowth_later": _SURVIVAL_REGROWTH[later]}
            yield _survival(f"{method}-to-{later}", summary, **rules)
    yield _of(_SURVIVAL, replace(RECIPES["dense"], start_weights="torch-links"))
    for recipe in (RECIPES["chts"], RECIPES["cht"], RECIPES["set"], rigl, RECIPES["dense"]):
        yield _of(_CHTS, recipe)
    for name, (summary, other) in _CHTS_WITH.items():
        recipe = replace(RECIPES["chts"], name=f"chts-{name}", summary=f"CHTs, but {summary}", **other)
        yield _of(_CHTS, recipe)
    yield _of(_CHTS, RECIPES["from-checkpoint"], "sst")
    for size, n_hidden in _RBM_SIZES.items():
        for method, regrowth in _SURVIVAL_REGROWTH.items():
            summary = f"a {size} restricted Boltzmann machine, regrowth: {method}"
            recipe = replace(
                _SURVIVAL_RECIPE, name=method, summary=summary, start_weights="hundredth", regrowth=regrowth
            )
            yield _of(_RBM, recipe, f"{size}-{method}", hidden=(n_hidden,))


for _profile in _profiles():
    PROFILES.add(_profile.name, _profile)
