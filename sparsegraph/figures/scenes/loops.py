"""The loop of dynamic sparse training: in words with an architecture (000), and step by step on a small net (002)."""

from __future__ import annotations

from collections.abc import Iterator

from sparsegraph.figures.kinds.diagram import Arrow, Box, Note, Part, Scene
from sparsegraph.figures.material import Material
from sparsegraph.figures.scenes.small_update import SmallUpdate, net_of, small_update
from sparsegraph.plotting.palette import COLOURS
from sparsegraph.plotting.panels import PAGE
from sparsegraph.plotting.style import FAINT, FIT, INK

GREEN, ORANGE = COLOURS["ch3l3"], COLOURS["mest"]


def dst_loop(material: Material) -> Scene:
    """Training that is interrupted to change the topology, and the net of 000/001 with its links counted."""
    from sparsegraph.training.plan import mlp_blocks, plan
    from sparsegraph.training.profiles import find_profile

    profile = find_profile("sulyok-ch3l3")
    counted = plan(profile, mlp_blocks(profile, 784, 10), 60_000)
    zeta = 100 * profile.recipe.zeta.at(0, 1)
    loop = (
        Note((0.1, 3.05), "a  Loop", 8, bold=True),
        Box("start", (0.75, 2.35), (1.1, 0.62), "random links,\n1 % of each\nsparse layer"),
        Box("train", (2.35, 2.35), (1.1, 0.62), "train the weights\n(backpropagation)\nfor one epoch"),
        Box("remove", (2.35, 1.35), (1.1, 0.5), f"remove the weakest\n{zeta:.0f} % of the links", FIT),
        Box("chain", (2.35, 0.45), (1.1, 0.5), "chain removal:\nno dead ends", ORANGE),
        Box("regrow", (0.75, 0.45), (1.1, 0.5), "regrow as many:\nCH3-L3 or random", GREEN),
        Arrow("start", "train"),
        Arrow("train", "remove"),
        Arrow("remove", "chain", "optional"),
        Arrow("chain", "regrow"),
        Arrow("regrow", "train"),
    )
    rows: list[dict[str, str | int]] = [
        {"part": "block", "name": block.name, "source": block.shape[0], "target": block.shape[1], "links": n}
        for block, n in zip(counted.blocks, counted.n_links, strict=True)
    ]
    note = (
        "Links of the net for MNIST and Fashion-MNIST, by our profile sulyok-ch3l3; for CIFAR-10 a VGG16 head with "
        "batch normalisation takes the place of the 784 inputs."
    )
    return Scene((PAGE, 3.15), (*loop, *_architecture(rows)), rows, (note,))


def _architecture(rows: list[dict[str, str | int]]) -> Iterator[Part]:
    yield Note((3.5, 3.05), "b  Net: sparse linear layers (SLL), dense readout", 8, bold=True)
    sizes = [rows[0]["source"], *(row["target"] for row in rows)]
    names = ["inputs", *(f"hidden {i}" for i in range(1, len(sizes) - 1)), "classes"]
    x, step = 3.75, 0.75
    for layer, (size, name) in enumerate(zip(sizes, names, strict=True)):
        half = 0.9 * (float(size) / 1000) ** 0.3
        yield Box(name, (x + layer * step, 1.55), (0.3, 2 * half), f"{size}")
        yield Note((x + layer * step, 1.55 - half - 0.08), name, 6.5, FAINT, "center")
    for layer, row in enumerate(rows):
        dense = int(row["source"]) * int(row["target"])
        label = "dense" if row["links"] == dense else "SLL"
        middle = x + (layer + 0.5) * step
        yield Arrow(names[layer], names[layer + 1], colour=INK if label == "dense" else GREEN)
        yield Note((middle, 1.98), f"{label}\n{100 * int(row['links']) / dense:.0f} %", 6.5, align="center")
        yield Note((middle, 1.38), f"{row['links']:,}\nlinks", 6.5, FAINT, "center")


def two_loops(material: Material) -> Scene:
    """One update of the same small net by SET and by ESML."""
    from sparsegraph.training.recipes import RECIPES

    parts: list[Part] = []
    rows = []
    for row, (name, title) in enumerate((("set", "standard DST (SET)"), ("esml", "ESML"))):
        update = small_update(RECIPES[name], "er", seed=material.seed)
        top = 4.35 - 2.15 * row
        parts.append(Note((0.1, top), f"{'ab'[row]}  {title}", 8, bold=True))
        parts += list(_steps(title, update, top))
        rows += [
            {
                "method": title,
                "block": block + 1,
                "links": one.before.n_links,
                "removed": one.events.removed.size,
                "percolated": one.events.percolated.size,
                "regrown": one.events.regrown.size,
                "links_after": one.after.n_links,
            }
            for block, one in enumerate(update.updates)
        ]
    note = (
        "Same start and weights, computed: removal of the 30 % smallest weights of each block (dashed, vermilion), "
        "percolation of what lies on no path from the first to the last layer (dotted, orange; inactive neurons grey), "
        "regrowth (green) of as many links as were lost, at random or by the highest CH3-L3."
    )
    return Scene((PAGE, 4.45), tuple(parts), rows, (note,))


def _steps(name: str, update: SmallUpdate, top: float) -> Iterator[Part]:
    """Panels of an update: before with the removed links, after percolation if there is any, after regrowth."""
    size, y = (1.5, 1.35), top - 1.8
    before = [one.before for one in update.updates]
    removed, dropped, regrown = (
        [getattr(one.events, field) for one in update.updates] for field in ("removed", "percolated", "regrown")
    )
    percolates = any(positions.size for positions in dropped)
    rest = update.kept(percolated=True)
    places = [0.35, 2.8, 5.25]
    kept = list(update.kept(percolated=False))
    yield net_of(f"{name}, removal", (places[0], y), size, before, [("removed", removed)])
    yield Note((places[0], top - 0.25), "weights trained, weakest links removed", 6.5, FIT)
    middle = "percolated" if percolates else "no percolation"
    told = "network percolation (INR, IPA)" if percolates else "no percolation, neurons stay cut off"
    yield net_of(f"{name}, {middle}", (places[1], y), size, kept, [("dropped", dropped)], inactive=rest)
    yield Note((places[1], top - 0.25), told, 6.5, ORANGE if percolates else FAINT)
    after = [one.after for one in update.updates]
    yield net_of(f"{name}, regrowth", (places[2], y), size, after, [("regrown", regrown)], inactive=after)
    yield Note((places[2], top - 0.25), "regrowth: " + ("CH3-L3" if percolates else "random"), 6.5, GREEN)
    for left, right in ((places[0], places[1]), (places[1], places[2])):
        yield Arrow((left + size[0] + 0.25, y + size[1] / 2), (right - 0.25, y + size[1] / 2))
