"""What to pass where a layered graph is expected and something else was given."""

from __future__ import annotations

from sparsegraph.arguments import kind_of
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.trajectory import Trajectory


def check_graph(given: object, done: str) -> None:
    """Refuse what is no layered graph.

    Parameters
    ----------
    given : object
    done : str
        What was to become of it, such as "percolated".

    Raises
    ------
    TypeError
        Says what was given, and what to pass in its place.
    """
    if isinstance(given, LayeredGraph):
        return
    if isinstance(getattr(given, "topology", None), Trajectory):
        advice = "pass run.final.graph, or run.topology for what happens over the training"
    elif isinstance(getattr(given, "graph", None), LayeredGraph):
        advice = "pass its .graph"
    else:
        advice = "sparsegraph.load makes one of a file, graph_of of a torch model, LayeredGraph.from_matrices of arrays"
    raise TypeError(f"a LayeredGraph is {done}, not {kind_of(given)}; {advice}")
