"""Hyperbolic geometry in words and in tables."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.hyperbolic import Hyperbolic
from sparsegraph.report.numbers import significant
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Cell, Titled, counted, number, table
from sparsegraph.result import Undefined


@tells(Hyperbolic)
def _sentence(result: Hyperbolic) -> str:
    layers = result.layers
    if isinstance(layers.index, Undefined):
        return f"hyperbolic geometry: angular separability {layers.index}"
    doubt = f"; {result.warning}" if result.warning else ""
    return (
        f"angular separability of the layers {number(layers.index)} (p = {_p(layers.p_value)} against shuffled labels, "
        "which degrees alone may give: the null model degree tells), of communities "
        f"{number(result.communities.index)}; gamma {number(result.gamma)}{doubt}"
    )


def _p(value: float | Undefined) -> Cell:
    """Two digits, also where they round up to the next power of ten; permutations give no more."""
    return value if isinstance(value, Undefined) else significant(float(f"{value:.1e}"), 2)


@shows(Hyperbolic)
def _tables(name: str, result: Hyperbolic) -> Iterator[Titled]:
    how = f"through {result.n_landmarks:,} landmarks" if result.n_landmarks else "exact"
    method = f"{result.weighting}-{result.reduction}-{result.adjustment}, {how}"
    left_out = f"{counted(result.n_left_out, 'neurons', 'neuron')} left out" if result.n_left_out else "all neurons"
    rows: list[tuple[Cell, ...]] = [
        ("layers", result.layers.index, _p(result.layers.p_value), result.layers.n_groups),
        ("communities", result.communities.index, _p(result.communities.p_value), result.communities.n_groups),
    ]
    note = f"{method}; {result.projection}, {left_out}; {result.readout}"
    yield table(name, note, ["angular separability", "index", "p (shuffled labels)", "groups"], rows)
    layers: list[tuple[Cell, ...]] = [
        (part.layer, part.n_neurons, part.n_left_out, part.separation, part.mean_radius) for part in result.per_layer
    ]
    layers += [
        ("all", result.n_neurons, result.n_left_out, None, result.mean_radius),
        ("hubs", None, None, None, result.mean_radius_of_hubs),
    ]
    gamma = f"gamma {number(result.gamma)}, {result.gamma_source}; eigenvalue gap {number(result.eigenvalue_gap, 2)}"
    columns = ["layer", "neurons", "left out", "separability", "mean radius"]
    yield table(
        name, f"{gamma}; worst case {result.worst_case}, {result.n_permutations:,} permutations", columns, layers
    )
