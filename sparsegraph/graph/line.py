"""Blocks as a trainer has them, one after the other, to a layered graph."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy import sparse

from sparsegraph.errors import GraphError
from sparsegraph.graph.layered import Block, Layer, LayeredGraph
from sparsegraph.graph.mask import LinkEvents, Mask

_BRANCH = r"(?!_?(blocks?|units?|functions?|branch|layers?|groups?|stages?))"
_SKIP = re.compile(rf"(^|[._])(conv_?[Ss]hortcut|downsample|shortcut|skip|residual|identity){_BRANCH}([._\d]|$)")
_ALWAYS_BESIDE = re.compile("[Ss]hortcut|skip")
"""The other words name layers of the main path too: a ``downsample`` between stages, the ``residual`` branch."""


@dataclass(frozen=True, eq=False)
class BlockState:
    """One block of a network at one time.

    Parameters
    ----------
    name : str
        Such as ``"fc1"``; unique within a network.
    mask : Mask
        Row = source, column = target; for a convolution the rows are channel in x kernel height x kernel width,
        the channel slowest, and the columns the channels out.
    weights : ndarray of float32, shape (n_links,), optional
        In the order of the mask.
    biases : ndarray of float32, shape (n_target,), optional
    kind : {"linear", "conv1d", "conv2d", "conv3d"}
    torch_shape : tuple of int, optional
        Shape of torch's weight, (out, in) or (out, in, *kernel); needed for a convolution.
    events : LinkEvents, optional
        What the last update did.
    cumulative : Mask, optional
        Every link that was ever there (for the ITOP rate).
    groups : int, optional
        Of a convolution.  None where nobody knows (a file that does not tell): then the shapes have to tell, see
        :func:`joint`.

    Raises
    ------
    GraphError
        If the lengths, or the groups, do not fit the mask.
    """

    name: str
    mask: Mask
    weights: np.ndarray | None = None
    biases: np.ndarray | None = None
    kind: str = "linear"
    torch_shape: tuple[int, ...] | None = None
    events: LinkEvents | None = None
    cumulative: Mask | None = None
    groups: int | None = None

    def __post_init__(self) -> None:
        for what, values, length in (
            ("weights", self.weights, self.mask.n_links),
            ("biases", self.biases, self.mask.shape[1]),
        ):
            if values is not None and values.shape != (length,):
                raise GraphError(f"block {self.name!r} has {what} of shape {values.shape}; expected ({length},)")
        if self.cumulative is not None and self.cumulative.shape != self.mask.shape:
            raise GraphError(f"block {self.name!r} has masks of shapes {self.mask.shape} and {self.cumulative.shape}")
        axes = {"linear": 2, "conv1d": 3, "conv2d": 4, "conv3d": 5}.get(self.kind)
        shape = self.torch_shape
        if axes is None or (shape is None and axes > 2):
            raise GraphError(f"block {self.name!r} is {self.kind!r} and has the torch shape {shape}; that is no layer")
        if shape is not None and (len(shape) != axes or (math.prod(shape[1:]), shape[0]) != self.mask.shape):
            raise GraphError(f"block {self.name!r} has the torch shape {shape}; its mask is {self.mask.shape}")
        groups = 1 if self.groups is None else self.groups
        if groups < 1 or self.mask.shape[1] % groups or (groups > 1 and self.kind == "linear"):
            raise GraphError(f"block {self.name!r} is {self.kind!r} {self.mask.shape}; it cannot have {groups} groups")

    @property
    def kernel_size(self) -> int:
        """Weights behind one complete link: 25 of a 5 x 5 kernel, 1 of a linear layer."""
        return 1 if self.torch_shape is None else math.prod(self.torch_shape[2:])

    @property
    def n_source(self) -> int:
        """Source neurons, or channels in: of all groups where these are known, else of one."""
        return self.mask.shape[0] // self.kernel_size * (self.groups or 1)


def names_skip(name: str) -> bool:
    """Whether the name of a layer says that it belongs to a skip connection, which its shape may contradict.

    Examples
    --------
    >>> [names_skip(name) for name in ("layer2.0.downsample.0", "block1.layer.0.convShortcut", "residual_block.conv")]
    [True, True, False]
    """
    return _SKIP.search(name) is not None


def skips(names: Sequence[str], fits: Callable[[int, int], bool]) -> list[int | None]:
    """Which layers are skip connections, beside the others: for each the first of its connection, None for the others.

    The name must say it and the shapes must allow it: the layer after it follows the one before it.  Where it could as
    well lie between the two, ``shortcut`` and ``skip`` are believed, ``downsample``, ``residual`` and ``identity`` not.

    Parameters
    ----------
    names : sequence of str
        In the order of the network.
    fits : callable
        Whether the second of two layers can follow the first, by their places.

    Examples
    --------
    >>> ends = [(3, 8), (8, 16), (16, 16), (8, 16), (16, 2)]
    >>> names = ["conv1", "1.conv1", "1.conv2", "1.downsample.0", "fc"]
    >>> skips(names, lambda i, j: ends[i][1] == ends[j][0])
    [None, None, None, 3, None]
    """
    found: list[int | None] = [None] * len(names)
    before: int | None = None
    index = 0
    while index < len(names):
        last = index
        if word := _SKIP.search(names[index]):
            prefix = names[index][: word.end(2)]
            while last + 1 < len(names) and names[last + 1].startswith(prefix):
                last += 1
            after = last + 1 if last + 1 < len(names) else None
            if _lies_beside(word[2], before, index, last, after, fits):
                found[index : last + 1] = [index] * (last + 1 - index)
        before = before if found[last] is not None else last
        index = last + 1
    return found


def _lies_beside(
    word: str, before: int | None, first: int, last: int, after: int | None, fits: Callable[[int, int], bool]
) -> bool:
    follows = before is not None and fits(before, first)
    leads = after is not None and fits(last, after)
    if before is None or after is None:  # at an end of the list: beside if it does not join its only neighbour
        return not (follows or leads) and (before is not None or after is not None)
    return fits(before, after) and not (follows and leads and not _ALWAYS_BESIDE.search(word))


class Joint(NamedTuple):
    """How a block follows the one before: image positions behind each channel, and groups of the convolution."""

    positions: int = 1
    groups: int = 1


def alone(block: BlockState) -> Joint:
    """How ``block`` begins a chain."""
    return Joint(groups=block.groups or 1)


def joint(before: BlockState, block: BlockState) -> Joint | None:
    """How ``block`` follows ``before``; None where the sizes do not fit.

    The groups of a convolution are guessed only where they are not known: as many as make the channels fit, and one
    channel to a group (depthwise) only where the number of channels stays the same.
    """
    n_before, n_source, n_target = before.mask.shape[1], block.n_source, block.mask.shape[1]
    if n_before == n_source:
        return alone(block)
    if before.kind == "linear":
        return None
    if block.kind == "linear":
        return Joint(positions=n_source // n_before) if n_source % n_before == 0 else None
    groups, rest = divmod(n_before, n_source)
    fits = block.groups is None and rest == 0 and n_target % groups == 0
    return Joint(groups=groups) if fits and (n_source > 1 or n_target == n_before) else None


class Following(NamedTuple):
    """Which block a block follows, by its index (None where it begins a chain), how, and whether it lies beside."""

    before: int | None
    joint: Joint
    is_skip: bool


def following(blocks: Sequence[BlockState]) -> list[Following]:
    """How each of some blocks follows another: the one before it, but for skip connections, which lie beside."""
    found: list[Following] = []
    before: int | None = None
    beside = skips_among(blocks)
    for index, block in enumerate(blocks):
        first = beside[index]
        left = before if first is None else index - 1 if first < index else None
        how = None if left is None else joint(blocks[left], block)
        found.append(Following(None if how is None else left, how or alone(block), is_skip=first is not None))
        before = index if first is None else before
    return found


def skips_among(blocks: Sequence[BlockState]) -> list[int | None]:
    """Which blocks are skip connections, see :func:`skips`."""
    return skips([block.name for block in blocks], lambda i, j: _fits(blocks[i], blocks[j]))


def _fits(left: BlockState, right: BlockState) -> bool:
    """Whether one can follow the other without groups that are only guessed."""
    step = joint(left, right)
    return step is not None and step.groups == (right.groups or 1)


def breaks(blocks: Sequence[BlockState]) -> list[tuple[str, str]]:
    """Neighbours whose sizes do not fit, by name; skip connections have none."""
    beside = skips_among(blocks)
    chained = [block for block, first in zip(blocks, beside, strict=True) if first is None]
    pairs = itertools.pairwise(chained)
    return [(left.name, right.name) for left, right in pairs if joint(left, right) is None]


def in_line(blocks: Sequence[BlockState], input_shape: tuple[int, ...] | None = None) -> LayeredGraph:
    """Graph of blocks that follow each other.

    A convolution becomes a block between channels: the weight of a link is the L1 norm of its kernel (a kernel of one
    weight keeps its sign), its multiplicity the number of weights kept; a linear block behind a flattened image is
    gathered by channel in the same way.  Layers are called ``input``, ``hidden1``, ..., ``output``.  Where a block does
    not fit the one before, a chain of its own begins, with the layer ``input of`` that block.  A skip connection is a
    chain by itself, and the block after it follows the one before it; ``input`` and ``output`` are never its ends.

    Parameters
    ----------
    blocks : sequence of BlockState
        In the order of the network.
    input_shape : tuple of int, optional
        Becomes the shape of the input layer where its product is the number of neurons.

    Notes
    -----
    O(links log links) for convolutions, else O(links).
    """
    layers: list[Layer] = []
    made: list[Block] = []
    ends: list[int] = []
    steps = following(blocks)
    chained = [index for index, step in enumerate(steps) if not step.is_skip]
    for index, (block, step) in enumerate(zip(blocks, steps, strict=True)):
        source = len(layers) if step.before is None else ends[step.before]
        if step.before is None:
            is_first = index == chained[0]
            first = "input" if is_first else f"input of {block.name}"
            layers.append(_first(first, block, input_shape if is_first else None))
        ends.append(len(layers))
        name = "output" if index == chained[-1] else f"hidden{index + 1}"
        layers.append(Layer(name, block.mask.shape[1], "neuron" if block.kind == "linear" else "channel"))
        made.append(_links(block, step.joint, source, ends[-1]))
    return LayeredGraph(tuple(layers), tuple(made))


def _first(name: str, block: BlockState, input_shape: tuple[int, ...] | None) -> Layer:
    fits = input_shape is not None and math.prod(input_shape) == block.n_source
    return Layer(name, block.n_source, "neuron" if block.kind == "linear" else "channel", input_shape if fits else None)


def _links(block: BlockState, step: Joint, source: int, target: int) -> Block:
    """One block of the graph: the matrix itself, or its rows added up by channel."""
    mask = block.mask
    weights = np.ones(mask.n_links, np.float32) if block.weights is None else block.weights
    rows_per_source = block.kernel_size * step.positions
    if rows_per_source == 1 and step.groups == 1:
        return Block(source, target, mask.to_csr(weights), name=block.name)
    n_source, n_target = mask.shape[0] // rows_per_source, mask.shape[1]
    channels = mask.source // rows_per_source + mask.target // (n_target // step.groups) * n_source
    cells, inverse = np.unique(channels * n_target + mask.target, return_inverse=True)
    values = weights if rows_per_source == 1 else np.abs(weights)
    norms = np.bincount(inverse, weights=values, minlength=cells.size).astype(weights.dtype)
    matrix = sparse.csr_array((norms, (cells // n_target, cells % n_target)), shape=(n_source * step.groups, n_target))
    if rows_per_source == 1:
        return Block(source, target, matrix, name=block.name, groups=step.groups)
    counts = np.bincount(inverse, minlength=cells.size)
    return Block(source, target, matrix, counts, rows_per_source, block.name, step.groups)
