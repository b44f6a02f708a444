"""Input map in words and in a table."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.measures.input_map import InputMap
from sparsegraph.report.views.catalogue import shows, tells
from sparsegraph.report.views.form import Titled, number, share, share_cell, table
from sparsegraph.result import Undefined

NAMES = {
    "out_degree": "out-degree",
    "mapped_back": "hidden layer mapped back",
    "mapped_back_weighted": "the same, |weights|",
    "mapped_back_mean": "the same, mean",
}


@tells(InputMap)
def _sentence(result: InputMap) -> str | None:
    found = result.out_degree
    if result.maps["out_degree"].size < 2:
        return None
    if isinstance(result.central_area, Undefined):
        return f"input links are spread with Gini {number(found.gini)}"
    return (
        f"input links are spread with Gini {number(found.gini)}; the middle {share(result.central_area)} of the image "
        f"has {share(found.central_mass)} of them"
    )


@shows(InputMap)
def _tables(name: str, result: InputMap) -> Iterator[Titled]:
    maps = [(label, getattr(result, field)) for field, label in NAMES.items()]
    spread = [(label, p.gini, p.entropy) for label, p in maps]
    if isinstance(result.image, Undefined):
        yield table(name, f"{result.layer}; {result.input_shape}", ["map", "Gini", "entropy"], spread)
        return
    size = " x ".join(map(str, result.image))
    channels = f", {result.n_channels} channels summed" if result.n_channels > 1 else ""
    yield table(
        name,
        f"{result.layer}, {size}{channels}; {_centre(result.central_area)}",
        ["map", "Gini", "entropy", "left-right", "top-bottom", "centre"],
        [
            (*row, p.left_right, p.top_bottom, share_cell(p.central_mass))
            for row, (_, p) in zip(spread, maps, strict=True)
        ],
    )


def _centre(area: float | Undefined) -> str:
    return "no centre" if isinstance(area, Undefined) else f"centre: {share(area)} of the image"
