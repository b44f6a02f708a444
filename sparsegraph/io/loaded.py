"""A loaded checkpoint: the graph, and beside it where it came from."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.graph.layered import LayeredGraph


@dataclass(frozen=True)
class Source:
    """Where a graph came from.

    Parameters
    ----------
    path : str
        As the user gave it.
    sha256 : str
        Hash of the file; of several files the hash of their sorted hashes.
    format : str
        Such as ``"torch zip"``.
    """

    path: str
    sha256: str
    format: str


@dataclass(frozen=True)
class Loaded:
    """A graph with its provenance.

    Parameters
    ----------
    graph : LayeredGraph
    source : Source
    mask_origin : str
        ``"explicit masks"``, ``"non-zeros"``, ``"stored entries"`` or a mixture of them, in words.
    skipped : tuple of (str, str)
        Name of each tensor that is not part of the graph, and why.
    warnings : tuple of str
    """

    graph: LayeredGraph
    source: Source
    mask_origin: str
    skipped: tuple[tuple[str, str], ...] = ()
    warnings: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        """The graph and where it came from, for notebooks."""
        from sparsegraph.notebook.shown import of_loaded

        return of_loaded(self)
