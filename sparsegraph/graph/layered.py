"""The central structure: a sparse network as layers of neurons and blocks of links between them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from scipy import sparse

from sparsegraph.errors import GraphError
from sparsegraph.graph.given_matrix import checked_list, checked_names, to_csr

LayerKind = Literal["neuron", "channel"]


@dataclass(frozen=True)
class Layer:
    """One set of neurons.

    Parameters
    ----------
    name : str
        Unique within a graph.
    size : int
        Number of neurons, at least 1.
    kind : {"neuron", "channel"}
        A channel is one filter of a convolution, seen as one neuron.
    shape : tuple of int, optional
        Shape of the neurons on their grid, such as (1, 28, 28); its product is ``size``.
    """

    name: str
    size: int
    kind: LayerKind = "neuron"
    shape: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.size, int | np.integer) or isinstance(self.size, bool):
            raise GraphError(f"layer {self.name!r} has {self.size!r} neurons; a whole number is expected")
        object.__setattr__(self, "size", int(self.size))
        if self.size < 1:
            raise GraphError(f"layer {self.name!r} has {self.size} neurons; a layer needs at least 1")
        if self.shape is not None and int(np.prod(self.shape)) != self.size:
            raise GraphError(f"layer {self.name!r} has {self.size} neurons but the shape {self.shape}")


@dataclass(frozen=True, repr=False, eq=False)
class Block:
    """The links from one layer to a later one.

    The stored entries of ``weights`` are the mask: a stored zero is a link (a link that was just regrown has weight 0).

    Parameters
    ----------
    source, target : int
        Indices into the graph's layers, ``source < target``.
    weights : scipy.sparse.csr_array, shape (source size, target size)
        Row = source neuron, column = target neuron.  For channel blocks the L1 norm of each kernel.
    multiplicity : ndarray of int64, optional
        For channel blocks: how many weights are kept behind each stored entry.  None: one each.
    weights_per_link : int
        For channel blocks: how many weights a complete link has (25 for a 5 x 5 kernel).
    groups : int
        For grouped convolutions: into how many equal groups of consecutive channels both sides fall; links
        exist within a group only.
    name : str
        Where the block comes from, such as ``"fc1.weight"``.
    """

    source: int
    target: int
    weights: sparse.csr_array
    multiplicity: np.ndarray | None = None
    weights_per_link: int = 1
    name: str = ""
    groups: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", _canonical(self.weights, self.name))
        if self.groups < 1 or self.weights_per_link < 1 or self.n_links > self.n_links_possible:
            raise GraphError(
                f"block {self.name!r} has {self.n_links} links in {self.groups} groups of {self.weights_per_link} "
                f"weights a link; at least 1 of each, and no more links than pairs in a group"
            )
        _check_groups(self)
        if self.multiplicity is not None:
            kept = np.array(self.multiplicity, dtype=np.int64)
            if kept.shape != self.weights.data.shape:
                raise GraphError(f"block {self.name!r} has {self.n_links} links but {kept.size} multiplicities")
            kept.flags.writeable = False
            object.__setattr__(self, "multiplicity", kept)

    def __eq__(self, other: object) -> bool:
        """Whether all that a block is given is the same: the links, their weights, what they join and are called."""
        if not isinstance(other, Block):
            return NotImplemented
        mine, others = self._told(), other._told()
        return mine == others and all(map(np.array_equal, self._arrays(), other._arrays()))

    def __hash__(self) -> int:
        return hash(self._told())

    def _told(self) -> tuple[Any, ...]:
        kinds = (self.weights.shape, self.n_links, self.weights.dtype.str, self.multiplicity is None)
        return (self.source, self.target, self.name, self.groups, self.weights_per_link, *kinds)

    def _arrays(self) -> Iterator[np.ndarray]:
        yield from (self.weights.indptr, self.weights.indices, self.weights.data)
        if self.multiplicity is not None:
            yield self.multiplicity

    def __repr__(self) -> str:
        return f"<Block {self.name!r}: {' x '.join(map(str, self.weights.shape))}, {self.n_links} links>"

    @property
    def n_links(self) -> int:
        """Number of links, zero weights included."""
        return int(self.weights.nnz)

    @property
    def n_links_possible(self) -> int:
        """Number of links of the complete block."""
        return int(self.weights.shape[0]) * int(self.weights.shape[1]) // self.groups

    @property
    def density(self) -> float:
        """Links present over links possible."""
        return self.n_links / self.n_links_possible

    @property
    def n_weights(self) -> int:
        """Number of weights behind the links: one each, except for kernels."""
        return self.n_links if self.multiplicity is None else int(self.multiplicity.sum())

    @property
    def n_weights_possible(self) -> int:
        """Number of weights of the complete block."""
        return self.n_links_possible * self.weights_per_link


@dataclass(frozen=True, repr=False)
class LayeredGraph:
    """A sparse network: a directed acyclic graph whose neurons lie in layers.

    Parameters
    ----------
    layers : tuple of Layer
        At least two, with unique names.
    blocks : tuple of Block
        At most one for each pair of layers; kept sorted by (target, source).
    couplings : tuple of tuple of int
        Groups of equally large layers whose neurons work only together, position by position (queries and keys of an
        attention head, the two halves of a gated layer).  Percolation treats them together.

    Raises
    ------
    GraphError
        If the shapes do not fit, a block does not go forward, or two blocks join the same layers.

    Examples
    --------
    >>> import numpy as np
    >>> graph = LayeredGraph.from_matrices([np.eye(3), np.ones((3, 2))])
    >>> graph.n_neurons, graph.n_links
    (8, 9)
    """

    layers: tuple[Layer, ...]
    blocks: tuple[Block, ...]
    couplings: tuple[tuple[int, ...], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        object.__setattr__(self, "blocks", tuple(sorted(self.blocks, key=lambda b: (b.target, b.source))))
        object.__setattr__(self, "couplings", tuple(tuple(group) for group in self.couplings))
        _check(self)

    @classmethod
    def from_matrices(cls, matrices: Sequence[Any], names: Sequence[str] | None = None) -> LayeredGraph:
        """Chain of layers from the weight matrices between them.

        Parameters
        ----------
        matrices : sequence of array, torch tensor or scipy sparse array, shapes (n0, n1), (n1, n2), ...
            Row = source neuron (the transpose of torch's ``Linear.weight``).  In a dense matrix the non-zeros are
            the links, in a sparse one the stored entries; what a NumPy masked array masks is absent.
        names : sequence of str, optional
            Layer names; by default ``input``, ``hidden1``, ..., ``output``.

        Raises
        ------
        GraphError
            If there is none, one is no matrix of real numbers, they do not chain, or names are not one a layer.
        """
        weights = [settled(to_csr(matrix)) for matrix in checked_list(matrices)]
        if not weights:
            raise GraphError("no matrices were given; a graph needs at least one")
        for left, right in itertools.pairwise(weights):
            if left.shape[1] != right.shape[0]:
                raise GraphError(
                    f"matrices of shapes {left.shape} and {right.shape} do not chain: the columns of one must be "
                    "the rows of the next (torch's Linear.weight needs a transpose)"
                )
        sizes = [weights[0].shape[0], *(w.shape[1] for w in weights)]
        if names is None:
            names = ["input", *(f"hidden{i}" for i in range(1, len(weights))), "output"]
        names = checked_names(names, len(sizes))
        layers = tuple(Layer(name, int(size)) for name, size in zip(names, sizes, strict=True))
        blocks = (Block(i, i + 1, w, name=f"{names[i]}-{names[i + 1]}") for i, w in enumerate(weights))
        return cls(layers, tuple(blocks))

    def __repr__(self) -> str:
        sizes = "-".join(str(layer.size) for layer in self.layers)
        return f"<LayeredGraph {sizes}: {self.n_neurons} neurons, {self.n_links} links>"

    def _repr_html_(self) -> str:
        """Layers and blocks, for notebooks."""
        from sparsegraph.notebook.shown import of_graph

        return of_graph(self)

    @property
    def n_neurons(self) -> int:
        """Number of neurons in all layers."""
        return int(self.offsets[-1])

    @property
    def n_links(self) -> int:
        """Number of links in all blocks."""
        return sum(block.n_links for block in self.blocks)

    @property
    def weight_meaning(self) -> str:
        """What a link's weight is: goes into the output of every measure that uses weights."""
        n_kernels = sum(block.weights_per_link > 1 for block in self.blocks)
        return f"L1 norms of kernels in {n_kernels} of {len(self.blocks)} blocks" if n_kernels else "weights"

    @cached_property
    def offsets(self) -> np.ndarray:
        """Index of each layer's first neuron, and the number of neurons last; shape (n_layers + 1,)."""
        offsets = np.concatenate([[0], np.cumsum([layer.size for layer in self.layers])]).astype(np.int64)
        offsets.flags.writeable = False
        return offsets

    @cached_property
    def input_layers(self) -> tuple[int, ...]:
        """Indices of the layers that no block enters."""
        return tuple(sorted(set(range(len(self.layers))) - {block.target for block in self.blocks}))

    @cached_property
    def output_layers(self) -> tuple[int, ...]:
        """Indices of the layers that no block leaves."""
        return tuple(sorted(set(range(len(self.layers))) - {block.source for block in self.blocks}))

    @cached_property
    def hidden_layers(self) -> tuple[int, ...]:
        """Indices of the layers that are neither input nor output; in a chain all but the first and the last."""
        ends = {*self.input_layers, *self.output_layers}
        return tuple(i for i in range(len(self.layers)) if i not in ends)


def settled(matrix: sparse.csr_array) -> sparse.csr_array:
    """The matrix itself, made read-only for good: blocks share such memory, and copy all other."""
    for buffer in (matrix.data, matrix.indices, matrix.indptr):
        while isinstance(buffer, np.ndarray):
            buffer.flags.writeable = False
            buffer = buffer.base
    return matrix


def _is_settled(buffer: np.ndarray) -> bool:
    """Whether nobody can write into an array: neither through it nor through the one whose memory it shows."""
    if buffer.flags.writeable:
        return False
    return buffer.flags.owndata or (isinstance(buffer.base, np.ndarray) and _is_settled(buffer.base))


def _shared(matrix: Any) -> sparse.csr_array | None:
    """The buffers of a canonical matrix that is settled, in a container of its own; None for any other."""
    if not isinstance(matrix, sparse.csr_array):
        return None
    buffers = (matrix.data, matrix.indices, matrix.indptr)
    if not all(map(_is_settled, buffers)) or matrix.indices.dtype != matrix.indptr.dtype:
        return None
    weights = sparse.csr_array(buffers, shape=matrix.shape)
    return weights if weights.has_canonical_format else None


def _canonical(matrix: Any, name: str) -> sparse.csr_array:
    """Sorted, read-only CSR with float32 or float64 data, of memory that nobody writes into; stored zeros stay."""
    shared = _shared(matrix)
    weights = sparse.csr_array(matrix, copy=True) if shared is None else shared
    n_stored = weights.nnz
    weights.sum_duplicates()
    if weights.nnz != n_stored:
        raise GraphError(f"block {name!r} stores {n_stored - weights.nnz} links twice")
    if weights.data.dtype not in (np.float32, np.float64):
        weights.data = weights.data.astype(np.float64)
    if not np.isfinite(weights.data).all():
        raise GraphError(f"block {name!r} holds NaN or infinite weights; weights must be finite")
    return settled(weights)


def _check_groups(block: Block) -> None:
    (n_source, n_target), groups = block.weights.shape, block.groups
    if groups == 1:
        return
    if n_source % groups or n_target % groups:
        raise GraphError(f"block {block.name!r} is {n_source} x {n_target}; {groups} groups need multiples of {groups}")
    source = np.repeat(np.arange(n_source), np.diff(block.weights.indptr))
    if (source // (n_source // groups) != block.weights.indices // (n_target // groups)).any():
        raise GraphError(f"block {block.name!r} has links between its {groups} groups; links must lie inside a group")


def _check(graph: LayeredGraph) -> None:
    sizes = [layer.size for layer in graph.layers]
    names = [layer.name for layer in graph.layers]
    if len(sizes) < 2:
        raise GraphError(f"a graph needs at least 2 layers, not {len(sizes)}")
    if len(set(names)) != len(names):
        raise GraphError(f"layer names must be unique, not {names}")
    joined = set()
    for block in graph.blocks:
        if not 0 <= block.source < block.target < len(sizes):
            raise GraphError(f"block {block.name!r} goes from layer {block.source} to {block.target}, not forward")
        if block.weights.shape != (sizes[block.source], sizes[block.target]):
            raise GraphError(
                f"block {block.name!r} has shape {block.weights.shape}; its layers need "
                f"{(sizes[block.source], sizes[block.target])}"
            )
        joined.add((block.source, block.target))
    if len(joined) != len(graph.blocks):
        raise GraphError("two blocks join the same pair of layers; add their weights first")
    for group in graph.couplings:
        if len({sizes[index] for index in group}) != 1:
            raise GraphError(f"coupled layers must be equally large, not {[sizes[index] for index in group]}")
