"""The soft rule of CHTs (004): an update of a small net, and the scores and chances behind its regrowth."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np

from sparsegraph.figures.kinds.diagram import Arrow, Matrix, Note, Part, Scene
from sparsegraph.figures.material import Material
from sparsegraph.figures.scenes.small_update import SmallUpdate, net_of, small_update
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.link_scores import ch3_l3
from sparsegraph.plotting.palette import COLOURS
from sparsegraph.plotting.panels import PAGE
from sparsegraph.plotting.style import FIT
from sparsegraph.topology.schedules import exponent_of

GREEN, ORANGE = COLOURS["ch3l3"], COLOURS["mest"]
SOFTNESS = (0.5, 0.75)
"""Values of delta for which chances are shown: the paper's for regrowth, and a harder one."""
_BLOCK = 1


def soft_update(material: Material) -> Scene:
    """One update of CHTs on a small net from a small-world start, and the middle block's scores and chances."""
    from sparsegraph.training.recipes import RECIPES

    update = small_update(RECIPES["chts"], "bsw", seed=material.seed)
    rest = update.kept(percolated=True)[_BLOCK]
    chances = {delta: first_draw(rest, delta) for delta in SOFTNESS}
    parts = (*_panels(update), *_matrices(rest, chances))
    rows = _rows(update, rest, chances)
    note = (
        "Computed on a small net with normal weights, first update of our recipe chts from a small-world start (BSW, "
        "beta 0.25); chances are of the first draw, positions without a score have none here. Later draws follow "
        "without replacement. The rigid rule would take the highest scores."
    )
    return Scene((PAGE, 4.75), parts, rows, (note,))


def first_draw(mask: Mask, delta: float) -> np.ndarray:
    """Chance of each absent link to be drawn first: ``CH3-L3 ** (delta / (1 - delta))`` over its sum.

    References
    ----------
    Zhang et al., CHTs, equation 3.
    """
    scores = ch3_l3(mask)
    powered = np.where(scores > 0, scores, 0.0) ** exponent_of(delta) * (scores > 0)
    return np.asarray(powered / powered.sum()) if powered.any() else powered


def _panels(update: SmallUpdate) -> Iterator[Part]:
    size, y, top = (1.1, 1.35), 2.8, 4.65
    before, after = ([getattr(one, when) for one in update.updates] for when in ("before", "after"))
    removed, dropped, regrown = (
        [getattr(one.events, field) for one in update.updates] for field in ("removed", "percolated", "regrown")
    )
    kept, rest = update.kept(percolated=False), update.kept(percolated=True)
    places = (0.25, 2.15, 4.05, 5.9)
    titles = ("a  start: BSW in each block", "b  soft removal", "c  percolation", "d  CH3-L3-soft regrowth")
    colours = ("#222222", FIT, ORANGE, GREEN)
    nets = (
        net_of("start", (places[0], y), size, before),
        net_of("removal", (places[1], y), size, before, [("removed", removed)]),
        net_of("percolation", (places[2], y), size, kept, [("dropped", dropped)], inactive=rest),
        net_of("regrowth", (places[3], y), size, after, [("regrown", regrown)], inactive=after),
    )
    told = (
        "",
        "stays with chance\n∝ |w|, later |w|³",
        "neurons cut off on\na side, dangling links",
        "as many as were lost,\nby chance ∝ CH3-L3",
    )
    for x, title, colour, net, text in zip(places, titles, colours, nets, told, strict=True):
        yield Note((x - 0.12, top), title, 7, colour, bold=True)
        yield Note((x - 0.12, top - 0.17), text, 6.5, colour)
        yield net
    for left, right in itertools.pairwise(places):
        yield Arrow((left + size[0] + 0.18, y + size[1] / 2), (right - 0.18, y + size[1] / 2))


def _matrices(rest: Mask, chances: dict[float, np.ndarray]) -> Iterator[Part]:
    side, y, top = 1.95, 0.15, 2.5
    links = rest.to_array()
    yield Note((0.13, top), "e  CH3-L3 in the middle block of c", 7, bold=True)
    yield Matrix("score", (0.2, y), (side, side), ch3_l3(rest), links)
    for place, (delta, chance) in enumerate(chances.items(), start=1):
        x = 0.2 + 2.42 * place
        letter = "efg"[place]
        yield Note((x - 0.07, top), f"{letter}  chance to be drawn, δ = {delta:g} (%)", 7, bold=True)
        yield Matrix(f"chance at delta {delta:g}", (x, y), (side, side), 100 * chance, links, "{:.1f}")
    yield Note((0.13, top - 0.17), "black: linked; rows: sources, columns: targets", 6.5)


def _rows(update: SmallUpdate, rest: Mask, chances: dict[float, np.ndarray]) -> list[dict[str, object]]:
    scores, regrown = ch3_l3(rest), set(update.updates[_BLOCK].events.regrown.tolist())
    return [
        {
            "source": int(i),
            "target": int(j),
            "linked": bool(linked),
            "score": float(scores[i, j]),
            **{f"chance_at_delta_{delta:g}": float(chance[i, j]) for delta, chance in chances.items()},
            "regrown": int(i) * rest.shape[1] + int(j) in regrown,
        }
        for (i, j), linked in np.ndenumerate(rest.to_array())
    ]
