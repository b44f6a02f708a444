"""From tensors with roles to matrices, with a decision for each tensor."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sparsegraph.io.names import listed
from sparsegraph.io.network import link_lists, masks, pieces
from sparsegraph.io.network.binary import binary_as_masks
from sparsegraph.io.network.effective import Recipe, plain
from sparsegraph.io.network.matrix import Made, Matrix, matrix_of
from sparsegraph.io.network.roles import Entry, Role, classify
from sparsegraph.io.network.wrappers import unwrap
from sparsegraph.io.tensor import Contents, StoredTensor


@dataclass(frozen=True)
class Decision:
    """What became of one tensor: its role, whether it is part of a matrix, and why."""

    tensor: StoredTensor
    role: Role
    kept: bool
    why: str


@dataclass(frozen=True)
class Plan:
    """Matrices and decisions for all tensors, both in file order, warnings, and the biases by the names of matrices."""

    matrices: tuple[Matrix, ...]
    decisions: tuple[Decision, ...]
    warnings: tuple[str, ...]
    biases: Mapping[str, StoredTensor] = field(default_factory=dict)


def plan(contents: Contents) -> Plan:
    """Decide for each tensor of a file what it is and which matrix it belongs to.

    Rules are asked in turn; what one has used is gone for the next: lists of links, pieces of one matrix (compressed
    tensors, pruning with ``_orig`` and ``_mask``, weight norm, spectral norm, parametrisations), masks beside weights,
    masks in a container by name, in a list by order, a lone mask by shape, and then each weight by itself.  Where
    there is no weight at all, masks stand for themselves with weights of 1; matrices of 0 and 1 only, all of them, are
    masks.
    """
    entries = binary_as_masks(link_lists.marked(tuple(classify(named) for named in unwrap(contents.tensors))))
    taken: dict[int, tuple[Entry, str]] = {}
    made: list[tuple[int, Matrix]] = []
    warnings: list[str] = []
    place = {id(entry): index for index, entry in enumerate(entries)}
    for rule in _RULES:
        if rule is masks.alone and made:
            break
        left = [entry for index, entry in enumerate(entries) if index not in taken]
        for one in rule(left):
            taken.update({place[id(entry)]: (entry, use) for entry, use in one.used})
            made.append((place[id(one.used[0][0])], one.matrix))
            warnings.extend(filter(None, [one.warning]))
    # the masks of biases come first, so that a bias itself replaces its own
    by_key = {
        entry.key.removesuffix("_orig"): entry
        for entry in sorted(entries, key=lambda entry: not entry.in_masks)
        if entry.role == "bias"
    }
    beside = {matrix.name: _bias_of(matrix.key, by_key) for _, matrix in made}
    lengths = {name: None if bias is None else math.prod(bias.tensor.shape) for name, bias in beside.items()}
    matrices = tuple(replace(matrix, bias=lengths[matrix.name]) for _, matrix in sorted(made, key=lambda item: item[0]))
    biases = {name: bias.tensor for name, bias in beside.items() if bias is not None and not bias.in_masks}
    decisions = tuple(_decision(entry, taken.get(index)) for index, entry in enumerate(entries))
    idle = [d.tensor.name for d in decisions if d.role == "mask" and not d.kept]
    if idle and matrices:
        shapes = {matrix.shape for matrix in matrices}
        spare = [d.tensor for d in decisions if d.tensor.name in idle and d.tensor.shape not in shapes]
        turned = [one.name for one in spare if one.shape[::-1] in shapes]
        advice = f"; the shape of {listed(turned)} is that of a weight transposed: transpose the mask" if turned else ""
        warnings.append(f"masks without a weight of their name and shape were left out: {listed(idle)}{advice}")
    return Plan(matrices, decisions, tuple(warnings), biases)


def _decision(entry: Entry, use: tuple[Entry, str] | None) -> Decision:
    if use is not None:
        return Decision(entry.tensor, entry.role, True, use[1])
    why = {
        "mask": f"{entry.why}, but no weight of its name and shape is left",
        "part": f"{entry.why}, but the other pieces are missing",
    }.get(entry.role, entry.why)
    return Decision(entry.tensor, entry.role, False, why)


def _bias_of(key: str, biases: Mapping[str, Entry]) -> Entry | None:
    """The bias beside a weight: ``fc1.weight`` and ``fc1.bias``, ``W_0`` and ``b_0``."""
    for pattern, word in ((r"weights(?=[^.]*$)", "biases"), (r"(weight|kernel)(?=[^.]*$)", "bias")):
        if (bias := biases.get(re.sub(pattern, word, key))) is not None:
            return bias
    return biases.get(re.sub(r"(^|[._])[wW](?=[_\d]*$)", r"\1b", key))


def _plain(entries: list[Entry]) -> Iterator[Made]:
    for entry in entries:
        if entry.role in masks.MATRIX_ROLES:
            yield Made(matrix_of(entry, Recipe(plain, (entry.tensor,))), ((entry, entry.why),))


_RULES: tuple[Callable[[list[Entry]], Iterable[Made]], ...] = (
    link_lists.link_lists,
    pieces.bitmasks,
    pieces.triples,
    pieces.reparametrised,
    masks.beside,
    masks.listed,
    masks.by_shape,
    _plain,
    masks.alone,
)
