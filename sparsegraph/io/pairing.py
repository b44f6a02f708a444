"""From tensors with roles to matrices: which mask belongs to which weight, and which pieces make one matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.effective import (
    Kept,
    Recipe,
    mask_alone,
    masked,
    plain,
    pruned,
    spectrally_normalised,
    unpacked,
    weight_normalised,
)
from sparsegraph.io.roles import Entry, Role, classify
from sparsegraph.io.tensor import Contents, Layout, StoredTensor
from sparsegraph.io.wrappers import bare, unwrap

_MATRIX_ROLES = ("weights", "filters", "embedding")


@dataclass(frozen=True)
class Matrix:
    """A weight matrix or filter bank, not yet read.

    Parameters
    ----------
    name : str
        The tensor that it is named after, as in the file.
    key : str
        The same without wrappers and without suffixes such as ``_orig``.
    shape : tuple of int
        In the layout of the file.
    layout : Layout
    read : Recipe
        Reads the tensors and gives the effective weights.
    is_embedding : bool
    bias : int, optional
        Length of the bias beside it: it tells which axis is the output.
    """

    name: str
    key: str
    shape: tuple[int, ...]
    layout: Layout
    read: Recipe
    is_embedding: bool = False
    bias: int | None = None


@dataclass(frozen=True)
class Decision:
    """What became of one tensor: its role, whether it is part of a matrix, and why."""

    tensor: StoredTensor
    role: Role
    kept: bool
    why: str


@dataclass(frozen=True)
class Plan:
    """Matrices in file order, a decision for every tensor in file order, and warnings."""

    matrices: tuple[Matrix, ...]
    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class _Made:
    """A matrix that a rule made, the entries that it used, each with what it was used as."""

    matrix: Matrix
    used: tuple[tuple[Entry, str], ...]
    warning: str = ""


def plan(contents: Contents) -> Plan:
    """Decide for each tensor of a file what it is and which matrix it belongs to.

    Rules are asked in turn; what one has used is gone for the next: pieces of one matrix (compressed tensors, pruning
    with ``_orig`` and ``_mask``, weight norm, spectral norm, parametrisations), masks beside weights, masks in a
    container by name, in a list by order, a lone mask by shape, and then each weight by itself.  Where there is no
    weight at all, masks stand for themselves with weights of 1.
    """
    entries = tuple(classify(named) for named in unwrap(contents.tensors))
    taken: dict[int, tuple[Entry, str]] = {}
    made: list[tuple[int, Matrix]] = []
    warnings: list[str] = []
    place = {id(entry): index for index, entry in enumerate(entries)}
    for rule in _RULES:
        if rule is _masks_alone and made:
            break
        left = [entry for index, entry in enumerate(entries) if index not in taken]
        for one in rule(left):
            taken.update({place[id(entry)]: (entry, use) for entry, use in one.used})
            made.append((place[id(one.used[0][0])], one.matrix))
            warnings.extend(filter(None, [one.warning]))
    biases = {
        entry.key.removesuffix("_orig"): int(np.prod(entry.tensor.shape)) for entry in entries if entry.role == "bias"
    }
    matrices = tuple(
        replace(matrix, bias=_bias_of(matrix.key, biases)) for _, matrix in sorted(made, key=lambda item: item[0])
    )
    decisions = tuple(_decision(entry, taken.get(index)) for index, entry in enumerate(entries))
    idle = [d.tensor.name for d in decisions if d.role == "mask" and not d.kept]
    if idle and matrices:
        warnings.append(f"masks without a weight of their name and shape were left out: {_some(idle)}")
    return Plan(matrices, decisions, tuple(warnings))


def _decision(entry: Entry, use: tuple[Entry, str] | None) -> Decision:
    if use is not None:
        return Decision(entry.tensor, entry.role, True, use[1])
    why = {
        "mask": f"{entry.why}, but no weight of its name and shape is left",
        "part": f"{entry.why}, but the other pieces are missing",
    }.get(entry.role, entry.why)
    return Decision(entry.tensor, entry.role, False, why)


def _bias_of(key: str, biases: dict[str, int]) -> int | None:
    """Length of the bias beside a weight: ``fc1.weight`` and ``fc1.bias``, ``W_0`` and ``b_0``."""
    for pattern, word in ((r"weights(?=[^.]*$)", "biases"), (r"(weight|kernel)(?=[^.]*$)", "bias")):
        if (length := biases.get(re.sub(pattern, word, key))) is not None:
            return length
    return biases.get(re.sub(r"(^|[._])[wW](?=[_\d]*$)", r"\1b", key))


def _some(names: list[str]) -> str:
    return ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")


def _matrix(entry: Entry, read: Recipe, key: str | None = None, shape: tuple[int, ...] | None = None) -> Matrix:
    tensor = entry.tensor
    embedding = entry.role == "embedding"
    return Matrix(tensor.name, key or entry.key, tuple(shape or tensor.shape), tensor.layout, read, embedding)


def _has_axes(entry: Entry) -> bool:
    return 2 <= len(entry.tensor.shape) <= 5


def _compressed(entries: list[Entry]) -> Iterator[_Made]:
    """Sparse bitmasks of compressed-tensors, 2:4 included: ``W.compressed``, ``W.bitmask``, ``W.shape``."""
    by_key = {entry.key: entry for entry in entries}
    for entry in entries:
        stem = entry.key.removesuffix(".compressed")
        bits, shape = by_key.get(f"{stem}.bitmask"), by_key.get(f"{stem}.shape")
        if stem == entry.key or bits is None or shape is None:
            continue
        full = tuple(int(n) for n in np.asarray(shape.tensor.read()).ravel())
        if len(full) != 2 or min(full) < 1:
            raise LoadError(f"{shape.tensor.name} says the shape is {full}; a matrix of two axes was expected")
        recipe = Recipe(_unpacker(full), (entry.tensor, bits.tensor))
        rows = by_key.get(f"{stem}.row_offsets")
        used = [(entry, f"values of {stem}"), (bits, f"mask of {stem}"), (shape, f"shape of {stem}")]
        used += [(rows, f"row offsets of {stem}")] if rows else []
        made = _matrix(entry, recipe, stem, full)
        yield _Made(replace(made, name=entry.tensor.name.removesuffix(".compressed")), tuple(used))


def _unpacker(shape: tuple[int, ...]) -> Callable[..., Kept]:
    return lambda values, bits: unpacked(values, bits, shape)


def _pieces(entries: list[Entry]) -> Iterator[_Made]:
    """Weights stored as ``_orig``, ``_g`` and ``_v`` or as a parametrisation."""
    by_key = {entry.key: entry for entry in entries if not entry.in_masks}
    gone: set[str] = set()
    for entry in entries:
        if entry.key in gone or not _has_axes(entry):
            continue
        for suffix, partners, combine, word in _PIECES:
            stem = _stem(entry.key, suffix)
            found = [by_key.get(f"{stem}{partner}") for partner in partners] if stem else [None]
            if stem is None or any(partner is None for partner in found):
                continue
            parts = [entry, *(partner for partner in found if partner is not None)]
            key = re.sub(r"parametrizations\.(\w+)\.?$", r"\1", stem)
            gone.update(part.key for part in parts)
            used = [(entry, word), *((part, f"{word}: piece of {key}") for part in parts[1:])]
            yield _Made(_matrix(entry, Recipe(combine, tuple(part.tensor for part in parts)), key), tuple(used))
            break


def _stem(key: str, suffix: str) -> str | None:
    """What stands before ``suffix``; None where the key ends otherwise."""
    return key[: -len(suffix)] if key.endswith(suffix) and len(key) > len(suffix) else None


_PIECES: tuple[tuple[str, tuple[str, ...], Callable[..., Kept], str], ...] = (
    ("_orig", ("_mask",), pruned, "weight before its mask (torch.nn.utils.prune)"),
    ("_orig", ("_u", "_v"), spectrally_normalised, "weight before spectral norm"),
    ("_orig", ("_u",), spectrally_normalised, "weight before spectral norm"),
    ("_orig", (), plain, "weight before a mask that is not in the file: zeros count"),
    ("_v", ("_g",), weight_normalised, "direction of weight norm"),
    (".original1", (".original0",), weight_normalised, "direction of weight norm"),
    (".original", (".0.mask",), pruned, "weight before its mask (parametrisation)"),
    (".original", (".0._u", ".0._v"), spectrally_normalised, "weight before spectral norm"),
    (".original", (), plain, "weight of a parametrisation whose mask is not in the file: zeros count"),
)
"""Suffix of the weight, suffixes of its partners, how they combine, and what to call it; the first that fits wins."""


def _weights_and_masks(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    weights = [entry for entry in entries if entry.role in _MATRIX_ROLES]
    return weights, [entry for entry in entries if entry.role == "mask" and _has_axes(entry)]


def _masked(weight: Entry, mask: Entry, warning: str = "") -> _Made:
    recipe = Recipe(masked, (weight.tensor, mask.tensor))
    used = ((weight, f"weight, masked by {mask.tensor.name}"), (mask, f"mask of {weight.tensor.name}"))
    return _Made(_matrix(weight, recipe), used, warning)


def _beside(entries: list[Entry]) -> Iterator[_Made]:
    """A mask whose name says its weight: ``fc1.mask``, ``fc1.weight_mask``, ``mask_fc1``, ``masks["fc1.weight"]``."""
    weights, masks = _weights_and_masks(entries)
    by_name: dict[str, Entry] = {}
    for mask in masks:
        for target in _targets(mask):
            by_name.setdefault(target, mask)
    used: set[int] = set()
    for weight in weights:
        name = bare(weight.key)
        found = by_name.get(name) or by_name.get(re.sub(r"\.(weight|kernel)$", "", name))
        if found is not None and id(found) not in used and found.tensor.shape == weight.tensor.shape:
            used.add(id(found))
            yield _masked(weight, found)


def _targets(mask: Entry) -> Iterable[str]:
    name = bare(mask.key)
    if mask.in_masks:
        return (name,)
    stem = re.sub(r"(^|[._])masks?(?=\d*$)", "", name)
    return (stem, f"{stem}.weight", re.sub(r"(^|\.)masks?_(?=[^.]*$)", r"\1", name))


def _listed(entries: list[Entry]) -> Iterator[_Made]:
    """A list of masks without names: the i-th belongs to the i-th weight, gaps being layers without a mask."""
    weights, masks = _weights_and_masks(entries)
    numbers = {i: mask for mask in masks if mask.in_masks and (i := _list_index(mask.key)) is not None}
    weights = [weight for weight in weights if weight.role != "embedding"]
    if not numbers or not weights:
        return
    pairs = [(weights[i], mask) for i, mask in sorted(numbers.items()) if i < len(weights)]
    if len(pairs) < len(numbers) or any(w.tensor.shape != m.tensor.shape for w, m in pairs):
        return
    word = f"{len(pairs)} masks have no names: the i-th was taken for the i-th weight of the file (shapes agree)"
    for index, (weight, mask) in enumerate(pairs):
        yield _masked(weight, mask, "" if index else word)


def _list_index(key: str) -> int | None:
    found = re.fullmatch(r"\[(\d+)\]", key)
    return int(found.group(1)) if found else None


def _by_shape(entries: list[Entry]) -> Iterator[_Made]:
    """A mask whose name says nothing, where exactly one weight and one mask have its shape."""
    weights, masks = _weights_and_masks(entries)
    for mask in masks:
        same = [weight for weight in weights if weight.tensor.shape == mask.tensor.shape]
        rivals = [other for other in masks if other.tensor.shape == mask.tensor.shape]
        if len(same) == 1 and len(rivals) == 1:
            word = f"mask {mask.tensor.name!r} names no weight: taken for {same[0].tensor.name!r}, alone of its shape"
            yield _masked(same[0], mask, word)


def _plain(entries: list[Entry]) -> Iterator[_Made]:
    for entry in entries:
        if entry.role in _MATRIX_ROLES:
            yield _Made(_matrix(entry, Recipe(plain, (entry.tensor,))), ((entry, entry.why),))


def _masks_alone(entries: list[Entry]) -> Iterator[_Made]:
    """Masks of a file that holds no weights: links without weights."""
    masks = _weights_and_masks(entries)[1]
    for index, mask in enumerate(masks):
        word = "" if index else "masks only, no weights in the file: each link has weight 1"
        key = re.sub(r"[._]masks?$", "", mask.key)
        yield _Made(_matrix(mask, Recipe(mask_alone, (mask.tensor,)), key), ((mask, "mask without weights"),), word)


_RULES: tuple[Callable[[list[Entry]], Iterable[_Made]], ...] = (
    _compressed, _pieces, _beside, _listed, _by_shape, _plain, _masks_alone,
)  # fmt: skip
