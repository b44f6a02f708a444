"""The order of matrices in a network: by the numbers in their names, checked by their shapes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sparsegraph.errors import AmbiguousChainError
from sparsegraph.io.names import listed

_LONGEST_SEARCH = 9
_RANK = {
    word: rank
    for rank, words in enumerate(
        (
            ("input", "inp", "in", "stem", "first", "embed", "embedding", "enc", "encoder", "expand"),
            ("conv", "cov", "feature", "features", "feat", "feats", "backbone", "body", "trunk"),
            ("hidden", "fc", "linear", "lin", "dense", "layer", "layers", "block", "blocks", "mlp", "middle"),
            ("dec", "decoder"),
            ("classifier", "head", "heads", "out", "output", "readout", "last", "final", "logits", "predictions"),
        )
    )
    for word in words
}
_ANY_RANK = 2


@dataclass(frozen=True)
class Station:
    """What the order depends on: a name and the number of neurons (or channels) on both sides.

    Parameters
    ----------
    name : str
        Dotted.
    label : str
        How the user names it.
    n_source, n_target : int
    index : int
        Position in the file.
    """

    name: str
    label: str
    n_source: int
    n_target: int
    index: int


Fits = Callable[[Station, Station], bool]


def in_order(stations: Sequence[Station], fits: Fits) -> list[Station]:
    """Stations in the order of the network.

    Names are read level by level.  Names of one stem go by their numbers (fc1, fc2, fc10; layers.0.weight), whatever
    their shapes.  Different stems go by number where no two share one and the shapes agree (conv1, conv2, fc3), else
    in the only order in which the shapes fit (features, classifier); of several such orders the one that common
    words tell (encoder, hidden, head).  Where the shapes admit no order, words and then the file decide.

    Raises
    ------
    AmbiguousChainError
        If the shapes admit several orders and the names tell none.
    """
    return [station for part in _ordered(list(stations), 0, fits) for station in part]


def n_joints(stations: Sequence[Station], fits: Fits) -> int:
    """Number of neighbours that fit when the names alone, not the shapes, give the order."""
    line = sorted(stations, key=lambda s: ([(_rank(stem), numbers) for stem, numbers in _levels(s.name)], s.index))
    return sum(fits(left, right) for left, right in itertools.pairwise(line))


def natural_level(part: str) -> tuple[str, tuple[int, ...]]:
    """Stem and numbers of one level of a name.

    Examples
    --------
    >>> natural_level("conv2d_10"), natural_level("[3]"), natural_level("Quant_2_param0")
    (('conv2d', (10,)), ('', (3,)), ('Quant_param', (2, 0)))
    """
    # The digit of conv2d names the kind of layer, not its place.
    digits = re.compile(r"\d+(?!d(?![a-z]))")
    stem = "_".join(filter(None, re.split(r"[\W_]+", digits.sub("_", part))))
    return stem, tuple(int(number) for number in digits.findall(part))


def _levels(name: str) -> list[tuple[str, tuple[int, ...]]]:
    return [natural_level(part) for part in name.split(".")]


def _rank(stem: str) -> int:
    words = re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", stem).lower())
    # "layer" says nothing beside "input": the word farthest from the middle counts.
    return max(
        (_RANK.get(word, _ANY_RANK) for word in words), key=lambda rank: abs(rank - _ANY_RANK), default=_ANY_RANK
    )


def _ordered(stations: list[Station], depth: int, fits: Fits) -> list[list[Station]]:
    """Groups of one level, in order; each group is a run of stations in order."""
    if len(stations) < 2:
        return [stations]
    children: dict[tuple[str, tuple[int, ...]], list[Station]] = {}
    for station in stations:
        levels = _levels(station.name)
        children.setdefault(levels[depth] if depth < len(levels) else ("", ()), []).append(station)
    if len(children) == 1 and depth > max(len(_levels(s.name)) for s in stations):
        return [sorted(stations, key=lambda s: s.index)]
    runs = {
        level: [station for run in _ordered(group, depth + 1, fits) for station in run]
        for level, group in children.items()
    }
    by_stem: dict[str, list[Station]] = {}
    for stem, numbers in sorted(runs, key=lambda level: level[1]):
        by_stem.setdefault(stem, []).extend(runs[stem, numbers])
    if len(by_stem) == 1:
        return list(by_stem.values())
    by_number = _by_number(runs, fits)
    return by_number or _by_shape(by_stem, fits)


def _by_number(runs: dict[tuple[str, tuple[int, ...]], list[Station]], fits: Fits) -> list[list[Station]] | None:
    """Stems that share one count: conv1, conv2, fc3."""
    numbers = [level[1] for level in runs]
    if len(set(numbers)) < len(numbers) or () in numbers:
        return None
    line = [runs[level] for level in sorted(runs, key=lambda level: level[1])]
    return line if _is_chain(line, fits) else None


def _by_shape(by_stem: dict[str, list[Station]], fits: Fits) -> list[list[Station]]:
    """Stems in the one order that the shapes admit; common words choose among several."""
    fallback = [by_stem[stem] for stem in sorted(by_stem, key=lambda stem: (_rank(stem), by_stem[stem][0].index))]
    if len(by_stem) > _LONGEST_SEARCH:
        return fallback
    ranks = {id(run): _rank(stem) for stem, run in by_stem.items()}
    orders = _chains(fallback, lambda left, right: fits(left[-1], right[0]))
    if len(orders) < 2:
        return orders[0] if orders else fallback
    orders = _chains(fallback, lambda left, right: ranks[id(left)] <= ranks[id(right)] and fits(left[-1], right[0]))
    if len(orders) == 1:
        return orders[0]
    named = listed([f"{s.label} ({s.n_source} -> {s.n_target})" for run in fallback for s in run], 12)
    example = ",".join(s.label for run in fallback for s in run)
    raise AmbiguousChainError(
        f"matrices fit together in more than one order: {named}; say which with --layers (layers=), in order from "
        f"input to output (such as --layers {example}), or analyse each by itself with --scope block (scope='block')"
    )


def _is_chain(line: list[list[Station]], fits: Fits) -> bool:
    return all(fits(left[-1], right[0]) for left, right in itertools.pairwise(line))


def _chains(
    runs: list[list[Station]], follows: Callable[[list[Station], list[Station]], bool]
) -> list[list[list[Station]]]:
    """Orders of the runs in which each follows its neighbour: none, one, or two of several."""
    found: list[list[list[Station]]] = []

    def extend(line: list[list[Station]], left: list[list[Station]]) -> None:
        if not left:
            found.append(line)
        for position, run in enumerate(left):
            if len(found) < 2 and (not line or follows(line[-1], run)):
                extend([*line, run], left[:position] + left[position + 1 :])

    extend([], runs)
    return found
