"""What a report keeps of a graph: its shape, not its links, so that a model of any size can be gone through."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.graph.layered import Layer, LayeredGraph


@dataclass(frozen=True)
class BlockOutline:
    """One block: its name, the names of its layers, shape (sources, targets), links and density."""

    name: str
    source: str
    target: str
    shape: tuple[int, int]
    n_links: int
    density: float


@dataclass(frozen=True)
class Outline:
    """Layers and blocks of a graph, and how many of its layers are inputs."""

    layers: tuple[Layer, ...]
    blocks: tuple[BlockOutline, ...]
    n_inputs: int

    def in_words(self) -> str:
        """Layer sizes, neurons and links in one line."""
        sizes = [f"{layer.size}{'c' if layer.kind == 'channel' else ''}" for layer in self.layers]
        joined = "-".join(sizes) if len(sizes) <= 12 else "-".join([*sizes[:5], "...", *sizes[-5:]])
        legend = " (c: channels)" if any(layer.kind == "channel" for layer in self.layers) else ""
        pieces = f" in {self.n_inputs} separate chains" if self.n_inputs > 1 else ""
        n_neurons = sum(layer.size for layer in self.layers)
        n_links = sum(block.n_links for block in self.blocks)
        return f"{joined}{legend}{pieces}: {n_neurons:,} neurons, {n_links:,} links"


def outline(graph: LayeredGraph) -> Outline:
    """Outline of a graph."""
    names = [layer.name for layer in graph.layers]
    blocks = (
        BlockOutline(b.name, names[b.source], names[b.target], b.weights.shape, b.n_links, b.density)
        for b in graph.blocks
    )
    return Outline(graph.layers, tuple(blocks), len(graph.input_layers))
