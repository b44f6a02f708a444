"""Matrices that a file holds in pieces: compressed ones, pruned ones, normalised ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from sparsegraph.errors import LoadError
from sparsegraph.io.network.effective import (
    Kept,
    Recipe,
    compressed_rows,
    plain,
    pruned,
    spectrally_normalised,
    unpacked,
    weight_normalised,
)
from sparsegraph.io.network.matrix import Made, has_axes, matrix_of
from sparsegraph.io.network.roles import Entry


def bitmasks(entries: list[Entry]) -> Iterator[Made]:
    """Sparse bitmasks of compressed-tensors, 2:4 included: ``W.compressed``, ``W.bitmask``, ``W.shape``."""
    for stem, (values, bits, shape) in _groups(entries, ("compressed", "bitmask", "shape")):
        full = stored_shape(shape)
        made = matrix_of(values, Recipe(_unpacker(full), (values.tensor, bits.tensor)), stem, full)
        used = [(values, f"values of {stem}"), (bits, f"mask of {stem}"), (shape, f"shape of {stem}")]
        used += [(e, f"row offsets of {stem}") for e in entries if e.key == f"{stem}.row_offsets"]
        yield Made(replace(made, name=values.tensor.name.removesuffix(".compressed")), tuple(used))


def triples(entries: list[Entry]) -> Iterator[Made]:
    """Compressed rows (source, target), as the export writes them: ``W.data``, ``W.indices``, ``W.indptr`` ..."""
    for stem, (data, indices, indptr, shape) in _groups(entries, ("data", "indices", "indptr", "shape")):
        full = stored_shape(shape)
        tensors = (data.tensor, indices.tensor, indptr.tensor)
        made = matrix_of(data, Recipe(_row_reader(full), tensors), stem, full)
        used = [(part, f"compressed rows of {stem}") for part in (data, indices, indptr, shape)]
        yield Made(replace(made, name=data.tensor.name.removesuffix(".data"), layout="in_out"), tuple(used))


def _groups(entries: list[Entry], suffixes: tuple[str, ...]) -> Iterator[tuple[str, list[Entry]]]:
    """Entries that share a stem and have each of the suffixes, in that order."""
    by_key = {entry.key: entry for entry in entries if not entry.in_masks}
    for entry in entries:
        stem = _stem(entry.key, f".{suffixes[0]}")
        found = [by_key[f"{stem}.{suffix}"] for suffix in suffixes if stem and f"{stem}.{suffix}" in by_key]
        if stem and len(found) == len(suffixes):
            yield stem, found


def stored_shape(entry: Entry) -> tuple[int, int]:
    """The two lengths that a tensor holds.

    Raises
    ------
    LoadError
        If it holds anything else.
    """
    values = np.asarray(entry.tensor.read())
    full = tuple(int(n) for n in values.ravel()[:3]) if values.dtype.kind in "iu" else ()
    if len(full) != 2 or min(full) < 1:
        raise LoadError(f"{entry.tensor.name} says the shape is {full}; a matrix of two axes was expected")
    return full[0], full[1]


def _row_reader(shape: tuple[int, ...]) -> Callable[..., Kept]:
    return lambda data, indices, indptr: compressed_rows(data, indices, indptr, shape)


def _unpacker(shape: tuple[int, ...]) -> Callable[..., Kept]:
    return lambda values, bits: unpacked(values, bits, shape)


def reparametrised(entries: list[Entry]) -> Iterator[Made]:
    """Weights stored as ``_orig``, ``_g`` and ``_v`` or as a parametrisation."""
    by_key = {entry.key: entry for entry in entries if not entry.in_masks}
    gone: set[str] = set()
    for entry in entries:
        if entry.role != "part" or entry.key in gone or not has_axes(entry):
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
            yield Made(matrix_of(entry, Recipe(combine, tuple(part.tensor for part in parts)), key), tuple(used))
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
