"""Which mask belongs to which weight: by name, by order, by shape, or to none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sparsegraph.io.network.effective import Recipe, mask_alone, masked
from sparsegraph.io.network.matrix import Made, has_axes, matrix_of
from sparsegraph.io.network.roles import Entry
from sparsegraph.io.network.wrappers import bare

MATRIX_ROLES = ("weights", "filters", "embedding")


def _weights_and_masks(entries: list[Entry]) -> tuple[list[Entry], list[Entry]]:
    weights = [entry for entry in entries if entry.role in MATRIX_ROLES]
    return weights, [entry for entry in entries if entry.role == "mask" and has_axes(entry)]


def _masked(weight: Entry, mask: Entry, warning: str = "") -> Made:
    recipe = Recipe(masked, (weight.tensor, mask.tensor))
    used = ((weight, f"weight, masked by {mask.tensor.name}"), (mask, f"mask of {weight.tensor.name}"))
    return Made(matrix_of(weight, recipe), used, warning)


def beside(entries: list[Entry]) -> Iterator[Made]:
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


def listed(entries: list[Entry]) -> Iterator[Made]:
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


def by_shape(entries: list[Entry]) -> Iterator[Made]:
    """A mask whose name says nothing, where exactly one weight and one mask have its shape."""
    weights, masks = _weights_and_masks(entries)
    for mask in masks:
        same = [weight for weight in weights if weight.tensor.shape == mask.tensor.shape]
        rivals = [other for other in masks if other.tensor.shape == mask.tensor.shape]
        if len(same) == 1 and len(rivals) == 1:
            word = f"mask '{mask.tensor.name}' names no weight: taken for '{same[0].tensor.name}', alone of its shape"
            yield _masked(same[0], mask, word)


def alone(entries: list[Entry]) -> Iterator[Made]:
    """Masks of a file that holds no weights: links without weights."""
    masks = _weights_and_masks(entries)[1]
    for index, mask in enumerate(masks):
        word = "" if index else "masks only, no weights in the file: each link has weight 1"
        key = re.sub(r"[._]masks?$", "", mask.key)
        yield Made(matrix_of(mask, Recipe(mask_alone, (mask.tensor,)), key), ((mask, "mask without weights"),), word)
