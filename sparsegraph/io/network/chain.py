"""Matrices to chains: which follows which, and what stands alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sparsegraph.errors import LoadError, UnknownNameError
from sparsegraph.graph.line import skips
from sparsegraph.io.names import listed
from sparsegraph.io.network.matrix import Matrix
from sparsegraph.io.network.ordering import Station, in_order
from sparsegraph.io.network.orientation import ALONE, Joint, Oriented, joint, stations
from sparsegraph.near_names import near_names

_BESIDE = (
    (
        re.compile(r"(^|[._])(q|k|v|o|qkv|query|key|value|in|out)_?proj|\.(query|key|value|qkv)\.|attn|attention"),
        "attention",
    ),
    (re.compile(r"weight_[ih]h_l\d|recurrent_kernel|weight_[ih]h$"), "recurrent layers"),
)
_RESIDUAL = re.compile(
    r"(^|\.)layer\d+\.\d+\.conv\d|(^|[._])(shortcut|residual|skip|res(_?(net|blocks?|units?|layers?))?\d*)([._]|$)"
    r"|(^|[._])(residual|skip)_?(blocks?|units?|functions?|branch|layers?)([._\d]|$)"
)


@dataclass(frozen=True)
class Step:
    """A matrix with how it follows the one before it in its chain."""

    oriented: Oriented
    joint: Joint


@dataclass(frozen=True)
class Chains:
    """Chains of steps, in order; a matrix that stands alone is a chain of one."""

    chains: tuple[tuple[Step, ...], ...]
    warnings: tuple[str, ...] = ()


def chain(oriented: Sequence[Oriented]) -> Chains:
    """Chains in the order of the network.

    Neighbours in that order whose shapes do not fit start a new chain; embeddings and skip connections stand beside
    the chain; in a file with attention or recurrent layers, which are no chains, every matrix stands alone.

    Raises
    ------
    AmbiguousChainError
        If the matrices fit together in several orders.
    """
    for pattern, kind in _BESIDE:
        if any(pattern.search(one.matrix.key) for one in oriented) and len(oriented) > 1:
            word = f"the file holds {kind}, which are no chain of layers: each of {len(oriented)} matrices stands alone"
            return Chains(tuple((Step(one, ALONE),) for one in oriented), (word,))
    plain = [one for one in oriented if not one.matrix.is_embedding]
    names = [one.matrix.key for one in plain]
    firsts = skips(names, lambda i, j: _fits_ungrouped(plain[i], plain[j]))
    line = [one for one, first in zip(plain, firsts, strict=True) if first is None]
    chained = set(map(id, line))
    alone = [one for one in oriented if id(one) not in chained]
    order = in_order(stations(line), lambda left, right: _fit(line, left, right))
    pieces = _split([line[station.index] for station in order])
    chains = (*pieces, *((Step(one, ALONE),) for one in alone))
    return Chains(chains, (*_remarks(pieces, alone), *_skips(oriented)))


def chosen_chain(oriented: Sequence[Oriented]) -> Chains:
    """One chain of the matrices in the order given.

    Raises
    ------
    LoadError
        If two neighbours do not fit.
    """
    pieces = _split(oriented)
    if len(pieces) > 1:
        left, right = pieces[0][-1].oriented, pieces[1][0].oriented
        raise LoadError(
            f"{left.matrix.name} ends in {left.n_target} neurons but {right.matrix.name} starts from "
            f"{right.n_source}; name layers that follow each other, from input to output"
        )
    return Chains(pieces)


def select(matrices: Sequence[Matrix], layers: Sequence[str]) -> list[Matrix]:
    """The matrices that a user named, in that order; a full name, one without suffix or without wrappers will do.

    Raises
    ------
    UnknownNameError
        If nothing or more than one matrix has a name; gives near names.
    """
    chosen = []
    for name in layers:
        found = [m for m in matrices if name == m.name] or [m for m in matrices if name in (m.key, layer_name(m))]
        if len(found) != 1:
            known = [layer_name(m) for m in matrices]
            hint = near_names(name, known, otherwise=f"known are: {listed(known, 12)}")
            many = f"{len(found)} matrices are" if found else "there is no matrix"
            raise UnknownNameError(f"{many} named {name!r}; {hint}")
        chosen.append(found[0])
    if len(set(layers)) < len(layers) or not layers:
        raise UnknownNameError(f"layers must be named once each and at least one, not {', '.join(layers) or 'none'}")
    return chosen


def layer_name(matrix: Matrix) -> str:
    """Readable name of the layer that a matrix leads to: ``fc1`` of ``fc1.weight``.

    Level after level that says the same (Keras) is said once; names that begin with a number get ``layer`` in front.
    """
    name = re.sub(r"(^|\.)\[(\d+)\]\.(?=[A-Za-z])", r"\1", matrix.key)
    name = re.sub(r"\[(\d+)\]", r"\1", name)
    shorter = re.sub(r"\.(weight|kernel|weights|w)$", "", name)
    parts = shorter.split(".")
    name = ".".join(part for i, part in enumerate(parts) if i == 0 or part != parts[i - 1])
    return f"layer{name}" if name[:1].isdigit() else name


def _fits_ungrouped(left: Oriented, right: Oriented) -> bool:
    """Whether one can follow the other without being read as a grouped convolution, as what does not fit may be."""
    step = joint(left, right)
    return step is not None and step.groups == 1


def _fit(line: Sequence[Oriented], left: Station, right: Station) -> bool:
    return joint(line[left.index], line[right.index]) is not None


def _split(line: Sequence[Oriented]) -> tuple[tuple[Step, ...], ...]:
    """Cut a line where neighbours do not fit."""
    pieces: list[list[Step]] = []
    for index, one in enumerate(line):
        before = line[index - 1] if index else None
        step = joint(before, one) if before else None
        if before is None or step is None:
            pieces.append([Step(one, _first_joint(line[:index], one))])
        else:
            pieces[-1].append(Step(one, step))
    return tuple(tuple(piece) for piece in pieces)


def _first_joint(before: Sequence[Oriented], one: Oriented) -> Joint:
    """A filter bank with one channel per group in the middle of a network is depthwise: as many groups as outputs.

    In a network that begins with one channel it may be a second tower on the same input: there it is depthwise only if
    something before it ends in that many channels.
    """
    if not before or not before[-1].is_filters or not one.is_filters or one.n_source > 1 or one.n_target == 1:
        return ALONE
    tower = before[0].n_source == 1 and all(left.n_target != one.n_target for left in before)
    return ALONE if tower else Joint(groups=one.n_target)


def _remarks(pieces: Sequence[Sequence[Step]], alone: Sequence[Oriented]) -> list[str]:
    remarks = []
    if len(pieces) > 1:
        which = listed([_words(piece) for piece in pieces], 8, "; ")
        remarks.append(
            f"the matrices form {len(pieces)} separate chains: {which}; no link joins them here, so that paths, "
            "activity and distances do not see what the network adds, concatenates or branches between them"
        )
    if alone:
        remarks.append(beside_in_words([layer_name(one.matrix) for one in alone]))
    grouped = [step for piece in pieces for step in piece if step.joint.groups > 1]
    if grouped:
        names = listed([layer_name(step.oriented.matrix) for step in grouped], 8)
        remarks.append(
            f"grouped or depthwise convolutions ({names}): links exist within a group of channels only, and densities "
            "count these; the groups are told by the shapes"
        )
    return remarks


def beside_in_words(names: Sequence[str]) -> str:
    """What is told of layers that are no part of the chain."""
    return f"embeddings and skip connections stand alone beside the chain: {listed(list(names), 8)}"


def _skips(oriented: Sequence[Oriented]) -> Iterator[str]:
    """A skip connection that adds what it finds has no weights, so that only names tell of it."""
    if len(oriented) > 1 and any(_RESIDUAL.search(one.matrix.key) for one in oriented):
        yield (
            "names look like residual blocks: identity skips store no weights and are not in the graph, so that paths, "
            "activity and distances do not see them"
        )


def _words(piece: Sequence[Step]) -> str:
    first, last = (layer_name(step.oriented.matrix) for step in (piece[0], piece[-1]))
    sizes = f"{piece[0].oriented.n_source * piece[0].joint.groups} -> {piece[-1].oriented.n_target}"
    return f"{first} ({sizes})" if len(piece) == 1 else f"{first} to {last} ({sizes})"
