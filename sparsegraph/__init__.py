"""sparsegraph: the network-science toolkit for trained sparse neural networks.

Nothing heavy is imported here; each public name is resolved on first use.
"""

from __future__ import annotations

import importlib
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Block": "sparsegraph.graph.layered",
    "Layer": "sparsegraph.graph.layered",
    "LayeredGraph": "sparsegraph.graph.layered",
    "Loaded": "sparsegraph.io.loaded",
    "Result": "sparsegraph.result",
    "SparseGraphError": "sparsegraph.errors",
    "Undefined": "sparsegraph.result",
    "analyze": "sparsegraph.report.analysis",
    "export": "sparsegraph.io.export",
    "findings_of": "sparsegraph.findings.judge",
    "follow": "sparsegraph.evolution.follow",
    "graph_of": "sparsegraph.training.observed",
    "histories": "sparsegraph.evolution.histories",
    "inspect": "sparsegraph.io.inspection",
    "links": "sparsegraph.graph.projections",
    "load": "sparsegraph.io.load",
    "load_blocks": "sparsegraph.io.load",
    "measure": "sparsegraph.measures.catalogue",
    "measure_all": "sparsegraph.measures.catalogue",
    "open_run": "sparsegraph.io.runs.run",
    "over_seeds": "sparsegraph.evolution.over_seeds",
    "percolate": "sparsegraph.graph.percolation",
    "plot": "sparsegraph.plotting.catalogue",
    "record": "sparsegraph.training.recorder",
    "register": "sparsegraph.measures.catalogue",
    "robustness_of": "sparsegraph.perturb.tested",
    "save": "sparsegraph.io.native",
    "significance_of": "sparsegraph.significance.run",
    "to_igraph": "sparsegraph.graph.projections",
    "to_networkx": "sparsegraph.graph.projections",
    "view": "sparsegraph.interactive.show",
    "write_report": "sparsegraph.report.html.write",
    "train": "sparsegraph.training.train",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'sparsegraph' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
