"""Layers that store their links only: weights, flat positions and the shape, as ``SparseLinear`` does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from sparsegraph.errors import LoadError
from sparsegraph.io.limits import NEURONS
from sparsegraph.io.network.effective import Kept, Recipe, by_positions
from sparsegraph.io.network.matrix import Made, matrix_of
from sparsegraph.io.network.pieces import stored_shape
from sparsegraph.io.network.roles import Entry, Role

_PARTS: dict[str, tuple[Role, str]] = {
    "weight": ("weights", "the weights, one a link,"),
    "positions": ("mask", "the positions of the links"),
    "shape": ("part", "source and target size"),
}


def marked(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries, with the role of weights for the lists of them that have positions beside them."""
    new: dict[int, Entry] = {}
    for prefix, parts in _groups(entries):
        for word, entry in parts.items():
            name = prefix.removesuffix(".") or "the layer"
            role, what = _PARTS[word]
            new[id(entry)] = replace(entry, role=role, why=f"{what} of {name}")
    return tuple(new.get(id(entry), entry) for entry in entries)


def link_lists(entries: list[Entry]) -> Iterator[Made]:
    """Links as a list: ``fc1.weight`` and ``fc1.positions`` with one value a link, ``fc1.shape`` (source, target).

    Raises
    ------
    LoadError
        If a shape is missing, is none, or all together are larger than a list of links may claim.
    """
    n_neurons = 0
    for prefix, parts in _groups(tuple(entries)):
        weight, positions, shape = (parts.get(word) for word in _PARTS)
        assert weight is not None
        assert positions is not None
        if shape is None:
            raise LoadError(
                f"{weight.tensor.name} is a list of links whose shape is not in the file; expected {prefix}shape: load "
                "the state into its SparseLinear and save it again"
            )
        n_source, n_target = stored_shape(shape)
        n_neurons += n_source + n_target
        if n_neurons > NEURONS:
            raise LoadError(f"{shape.tensor.name} leads to {n_neurons} rows and columns; at most {NEURONS} are read")
        recipe = Recipe(_reader((n_source, n_target)), (weight.tensor, positions.tensor))
        made = matrix_of(weight, recipe, shape=(n_target, n_source))
        used = tuple((part, part.why) for part in (weight, positions, shape))
        yield Made(replace(made, layout="torch"), used)


def _groups(entries: tuple[Entry, ...]) -> Iterator[tuple[str, dict[str, Entry]]]:
    """Weights and positions of one axis under one prefix, with the shape if there is one."""
    by_key = {entry.key: entry for entry in entries if not entry.in_masks and entry.role not in ("optimiser", "copy")}
    for key, weight in by_key.items():
        prefix = key.removesuffix("weight")
        positions, shape = by_key.get(f"{prefix}positions"), by_key.get(f"{prefix}shape")
        if prefix == key or (prefix and not prefix.endswith(".")) or positions is None:
            continue
        is_list = len(weight.tensor.shape) == len(positions.tensor.shape) == 1 and "int" in positions.tensor.dtype
        if is_list and (shape is not None or weight.tensor.shape == positions.tensor.shape):
            parts = {"weight": weight, "positions": positions}
            yield prefix, parts if shape is None else {**parts, "shape": shape}


def _reader(shape: tuple[int, int]) -> Callable[..., Kept]:
    return lambda values, positions: by_positions(values, positions, shape)
