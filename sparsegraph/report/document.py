"""The JSON document: the stable, versioned contract that every other view is derived from.

Its schema lies beside this file, ``schema-1.json``; the version changes when a field changes its meaning or goes.
"""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

from sparsegraph import __version__
from sparsegraph.report.analysis import Comparison, Part, Report

SCHEMA_VERSION = 1


def schema() -> dict[str, Any]:
    """The JSON schema of the document, draft 2020-12."""
    text = (files("sparsegraph.report") / f"schema-{SCHEMA_VERSION}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def to_document(report: Report) -> dict[str, Any]:
    """JSON document of one analysed checkpoint."""
    settings = report.settings
    return {
        "schema": SCHEMA_VERSION,
        "sparsegraph": __version__,
        "checkpoint": {
            "path": report.source.path,
            "sha256": report.source.sha256,
            "format": report.source.format,
            "mask_origin": report.mask_origin,
        },
        "graph": _graph(report),
        "conventions": {
            "scope": settings.scope,
            "topology": "percolated" if settings.percolated else "raw",
            **({"trajectory": "raw masks"} if report.trajectory else {}),
            "readout": settings.readout,
            "links": report.mask_origin,
            "options": dict(settings.options),
            **_images(report),
        },
        "seed": settings.seed,
        "results": _results(report),
        **_significance(report),
        **_trajectory(report),
        "skipped": [{"name": name, "reason": reason} for name, reason in report.skipped],
        "warnings": list(report.warnings),
    }


def comparison_document(comparison: Comparison) -> dict[str, Any]:
    """JSON document of several checkpoints: one document each, in the order given."""
    return {
        "schema": SCHEMA_VERSION,
        "sparsegraph": __version__,
        "comparison": [to_document(report) for report in comparison.reports],
    }


def _graph(report: Report) -> dict[str, Any]:
    return {
        "layers": [entry for part in report.parts for entry in _layers(part)],
        "blocks": [entry for part in report.parts for entry in _blocks(part)],
    }


def _name(part: Part, layer: str) -> str:
    """Name of a layer, unique in the document: matrices that stand alone each have an input of their own."""
    return layer if part.block is None else f"{part.block}: {layer}"


def _layers(part: Part) -> list[dict[str, Any]]:
    return [
        {
            "name": _name(part, layer.name),
            "size": layer.size,
            "kind": layer.kind,
            "shape": None if layer.shape is None else list(layer.shape),
        }
        for layer in part.outline.layers
    ]


def _blocks(part: Part) -> list[dict[str, Any]]:
    return [
        {
            "name": block.name,
            "source": _name(part, block.source),
            "target": _name(part, block.target),
            "shape": list(block.shape),
            "n_links": block.n_links,
            "density": block.density,
        }
        for block in part.outline.blocks
    ]


def _images(report: Report) -> dict[str, str]:
    """The data set that passed through the net, if any did."""
    chosen = report.settings.images
    return {} if chosen is None else {"data": "as recorded" if chosen.data is None else str(chosen.data)}


def _significance(report: Report) -> dict[str, Any]:
    """One table for each null model; nothing where none was asked for."""
    tables = [table.to_dict() for table in report.significance.values()]
    return {"significance": tables} if tables else {}


def _trajectory(report: Report) -> dict[str, Any]:
    """Results over the snapshots of a run; nothing for a checkpoint."""
    results = {name: result.to_dict() for name, result in report.trajectory.items()}
    return {"trajectory": results} if results else {}


def _results(report: Report) -> dict[str, Any]:
    if report.settings.scope == "graph":
        return {name: result.to_dict() for name, result in report.results.items()}
    names = dict.fromkeys(name for part in report.parts for name in part.results)
    return {name: [_of_block(part, name) for part in report.parts] for name in names}


def _of_block(part: Part, name: str) -> dict[str, Any]:
    return {"block": part.block, **part.results[name].to_dict()}
