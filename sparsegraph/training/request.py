"""What a run was asked to do, in plain values, and the profile that follows from it."""

from __future__ import annotations

import dataclasses
import math
import typing
from dataclasses import dataclass, replace
from typing import Any, Literal, cast

from sparsegraph.arguments import seed_of
from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.near_names import near_names
from sparsegraph.registry import Registry
from sparsegraph.topology.initialise import INITIALISERS
from sparsegraph.topology.regrowth import REGROWTH_SCORES
from sparsegraph.topology.removal import REMOVAL_SCORES
from sparsegraph.topology.schedules import Constant
from sparsegraph.topology.start_weights import START_WEIGHTS
from sparsegraph.training.profiles import Profile, find_profile
from sparsegraph.training.recipes import Recipe, Regrowth

_OF_UPDATES = ("removal", "by_sign", "regrowth", "percolate")
_WORDS = {"int": "a whole number", "str": "a text", "float": "a number", "bool": "true or false"}


@dataclass(frozen=True)
class Request:
    """A training run as asked for; None takes the profile's value.

    Parameters
    ----------
    profile : str
        A profile or a recipe.
    seed : int
    data : str, optional
        Name of a data set, or path to an ``.npz``.
    split : str, optional
        "standard" or "survival".
    sparsity : float, optional
        Share of links absent, in [0, 1).
    hidden : str, optional
        Such as "1000x3", "1024-512", "1x" or "2x".
    epochs, batch_size : int, optional
    learning_rate : float, optional
        Constant.
    zeta : float, optional
        Constant.
    update_every : str, optional
        Such as "1 epoch" or "400 steps".
    start, start_weights, new_weights : str, optional
    beta : float, optional
        Rewired share of a ``bsw`` start.
    topology : str, optional
        Run or checkpoint whose topology a static run takes; "RUN@N" takes the topology after step N of the run.
    model : str, optional
        "mlp", "convnet", "rbm", ...
    threads : int, optional
        For models of torch's layers, whose sums depend on it in the last bit; 1 by default.
    augment : bool, optional
        Random crops and flips of the training images.
    removal, regrowth : str, optional
        Scores to remove and regrow by, "uniform" for regrowth by chance; else as in the recipe (rigid or soft).
        Regrowth that is named is that of the whole training, also where the profile switches it.
    percolate : bool, optional
    by_sign : bool, optional
        Whether positive and negative weights are removed apart, as the original SET does.
    regrown_at_once : str, optional
        "keep" or "reinit": the weight of a link that is removed and regrown in the same update.
    """

    profile: str
    seed: int = 0
    data: str | None = None
    split: str | None = None
    sparsity: float | None = None
    hidden: str | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    zeta: float | None = None
    update_every: str | None = None
    start: str | None = None
    start_weights: str | None = None
    new_weights: str | None = None
    beta: float | None = None
    topology: str | None = None
    model: str | None = None
    threads: int | None = None
    augment: bool | None = None
    removal: str | None = None
    regrowth: str | None = None
    percolate: bool | None = None
    by_sign: bool | None = None
    regrown_at_once: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", seed_of(self.seed))
        for name, hint in typing.get_type_hints(type(self)).items():
            value, kinds = getattr(self, name), typing.get_args(hint) or (hint,)
            fits = isinstance(value, kinds) or (float in kinds and isinstance(value, int))
            if not fits or (isinstance(value, bool) and bool not in kinds):
                expected = " or ".join(kind.__name__ for kind in kinds if kind is not type(None))
                raise SparseGraphError(f"{name} {value!r}: {_WORDS.get(expected, expected)} is expected")

    @property
    def name(self) -> str:
        """The run in a word that suits a folder: profile, data, what differs from the profile, seed."""
        parts = [self.profile]
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value is None or field.name in ("profile", "seed"):
                continue
            text = str(value).replace(" ", "").replace("/", "_")
            parts.append(text if field.name == "data" else f"{field.name}={text}")
        return "_".join([*parts, f"seed{self.seed}"])


def resolve(request: Request) -> Profile:
    """The profile with what the request changes.

    Raises
    ------
    SparseGraphError
        If a name is unknown or a value is out of its range.
    """
    profile = find_profile(request.profile)
    recipe = profile.recipe
    changes: dict[str, Any] = {}
    for name in ("data", "split", "model", "augment"):
        if getattr(request, name) is not None:
            changes[name] = getattr(request, name)
    for name in ("epochs", "batch_size"):
        if getattr(request, name) is not None:
            changes[name] = _at_least_one(name, getattr(request, name))
    if request.sparsity is not None:
        if recipe.kind == "dense" and not recipe.pruned_after:
            raise SparseGraphError(
                f"{request.profile} trains all links and takes no sparsity; leave it out, or take dense-pruned, which "
                "prunes after training"
            )
        changes["density"] = 1 - _share("sparsity", request.sparsity)
    if request.hidden is not None:
        changes["hidden"] = _hidden(request.hidden)
    if request.learning_rate is not None:
        if not 0 < request.learning_rate < float("inf"):
            raise SparseGraphError(f"a learning rate of {request.learning_rate:g}: a positive number is expected")
        changes["learning_rate"] = Constant(request.learning_rate)
    if request.update_every is not None:
        changes["update_every"], changes["update_unit"] = _interval(request.update_every)
    if request.zeta is not None:
        recipe = replace(recipe, zeta=Constant(_share("zeta", request.zeta)))
    if request.start is not None:
        recipe = replace(recipe, start=INITIALISERS[request.start].name, start_options={})
    if request.beta is not None:
        if recipe.start != "bsw":
            raise SparseGraphError(f"beta belongs to the start topology bsw; this run starts from {recipe.start}")
        recipe = replace(recipe, start_options={"beta": request.beta})
    if request.start_weights is not None:
        recipe = replace(recipe, start_weights=START_WEIGHTS[request.start_weights].name)
    if request.new_weights is not None:
        recipe = replace(recipe, new_weights=_named(START_WEIGHTS, request.new_weights, "zero"))
    if request.regrown_at_once is not None:
        recipe = replace(recipe, regrown_at_once=_policy(request.regrown_at_once))
    recipe = _with_rules(recipe, request)
    if request.topology is not None:
        if request.start is not None:
            raise SparseGraphError("start and topology both say where the run starts from; give one of them")
        if recipe.kind == "dense":
            raise SparseGraphError(f"{request.profile} trains a dense net; a topology is for sparse ones")
        recipe = replace(recipe, start="from_checkpoint")
    if recipe.start == "from_checkpoint" and request.topology is None:
        raise SparseGraphError(f"{request.profile} trains on the topology of another run; name it with --topology")
    return replace(profile, recipe=recipe, **changes)


def are_alike(one: Request, other: Request) -> bool:
    """Whether two requests ask for the same run, said in as many words or left to the profile.

    Raises
    ------
    SparseGraphError
        As :func:`resolve`, if they differ in more than the words.
    """
    if one == other:
        return True
    (given, others) = ((request.seed, request.topology, request.threads or 1) for request in (one, other))
    return given == others and _nearly_equal(to_plain(resolve(one)), to_plain(resolve(other)))


def _nearly_equal(one: Any, other: Any) -> bool:
    """Equal plain values but for the last digits of numbers: a density of 0.01 is 1 - 0.99."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_nearly_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_nearly_equal, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other)
    return bool(one == other)


def to_plain(value: Any) -> Any:
    """Frozen values as dictionaries, lists and numbers; a dataclass says its kind."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"kind": type(value).__name__, **({"of_kind": fields.pop("kind")} if "kind" in fields else {}), **fields}
    if isinstance(value, dict):
        return {str(key): to_plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain(inner) for inner in value]
    return value


def _with_rules(recipe: Recipe, request: Request) -> Recipe:
    changes: dict[str, Any] = {}
    if request.removal is not None:
        changes["removal"] = replace(recipe.removal, score=REMOVAL_SCORES[request.removal].name, options={})
    if request.by_sign is not None:
        changes["removal"] = replace(changes.get("removal", recipe.removal), by_sign=request.by_sign)
    if request.regrowth is not None:
        changes["regrowth"] = _regrowth(recipe, request.regrowth)
        changes["regrowth_later"] = None
    if request.percolate is not None:
        changes["percolate"] = request.percolate
    asked = [name for name in _OF_UPDATES if getattr(request, name) is not None]
    if asked and recipe.kind != "dynamic":
        raise SparseGraphError(f"{request.profile} never changes its topology; {', '.join(asked)} cannot be chosen")
    return replace(recipe, **changes)


def _regrowth(recipe: Recipe, score: str) -> Regrowth:
    """As in the recipe, by another score; by chance nothing is softer or more rigid."""
    name = _named(REGROWTH_SCORES, score, "uniform")
    if name == "uniform":
        return replace(recipe.regrowth, score=None, exponent=None)
    return replace(recipe.regrowth, score=name)


def _named(entries: Registry[Any], name: str, besides: str) -> str:
    """An entry's own name, or the word that may stand in its place; an unknown name is told both."""
    if name == besides:
        return name
    try:
        return str(entries[name].name)
    except UnknownNameError:
        known = near_names(name, [*entries, besides])
        raise UnknownNameError(f"there is no {entries.kind} named {name!r}; {known}") from None


def _policy(text: str) -> Literal["keep", "reinit"]:
    if text not in ("keep", "reinit"):
        raise SparseGraphError(f"links regrown at once {text!r}: keep or reinit is expected")
    return cast(Literal["keep", "reinit"], text)


def _at_least_one(name: str, value: int) -> int:
    if value < 1:
        raise SparseGraphError(f"{name.replace('_', ' ')} {value}: at least 1 is expected")
    return value


def _share(name: str, value: float) -> float:
    if not 0 <= value < 1:
        advice = f"; {value:g} % is {value / 100:g}" if 1 < value < 100 else ""
        raise SparseGraphError(f"a {name} of {value:g}: at least 0 and below 1 is expected{advice}")
    return value


def _hidden(text: str) -> tuple[int, ...] | str:
    if text in ("1x", "2x"):
        return text
    sizes: list[int] = []
    try:
        for part in text.split("-"):
            size, x, times = part.partition("x")
            sizes.extend([int(size)] * (int(times) if x else 1))
    except ValueError:
        sizes = []
    if not sizes or min(sizes) < 1:
        raise SparseGraphError(f"hidden layers {text!r}: sizes such as 1000x3, 1024-512, 1x or 2x are expected")
    return tuple(sizes)


def _interval(text: str) -> tuple[int, str]:
    number, _, unit = text.strip().partition(" ")
    unit = unit.strip().rstrip("s")
    if not (number.isascii() and number.isdecimal()) or int(number) < 1 or unit not in ("epoch", "step"):
        raise SparseGraphError(f"an update interval of {text!r}: such as '1 epoch' or '400 steps' is expected")
    return int(number), unit
