"""How CH3-L3 scores an absent link: neurons on its paths of length three, and their links inside and outside (002)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sparsegraph.figures.kinds.diagram import LinkKind, Net, NetLink, Note, Part, Scene
from sparsegraph.figures.material import Material
from sparsegraph.kernels.link_scores import ch3_l3
from sparsegraph.plotting.style import DATA, FIT

EXAMPLE = np.array(
    [  # v  z1 z1' .  .     rows: u, z2, z2', others
        [0, 1, 1, 0, 0],
        [1, 1, 1, 1, 0],
        [1, 0, 1, 1, 1],
        [0, 1, 0, 0, 1],
    ],
    dtype=bool,
)
"""A bipartite net; the absent link to be scored goes from its first row, u, to its first column, v."""


@dataclass(frozen=True)
class Common:
    """A neuron on a path of length three between u and v.

    Parameters
    ----------
    side : {"z1", "z2"}
        z1: on the side of v and linked to u; z2: on the side of u and linked to v.
    place : int
        Column or row.
    degree, internal : int
        All links, and those to the local community; one more goes to a seed.
    """

    side: str
    place: int
    degree: int
    internal: int

    @property
    def external(self) -> int:
        """External local community links (eLCL)."""
        return self.degree - 1 - self.internal


def commons(links: np.ndarray) -> tuple[Common, ...]:
    """The neurons on the paths of length three from the first row to the first column."""
    z2 = np.flatnonzero(links[:, 0])
    z1 = np.flatnonzero(links[0])
    z1 = z1[links[np.ix_(z2, z1)].any(axis=0)]
    z2 = z2[links[np.ix_(z2, z1)].any(axis=1)]
    inner = links[np.ix_(z2, z1)]
    columns = [Common("z1", int(j), int(links[:, j].sum()), int(n)) for j, n in zip(z1, inner.sum(axis=0), strict=True)]
    rows = [Common("z2", int(i), int(links[i].sum()), int(n)) for i, n in zip(z2, inner.sum(axis=1), strict=True)]
    return (*columns, *rows)


def local_community(material: Material) -> Scene:
    """The example with the score of its absent link, path by path; the last number is the kernel's."""
    found = commons(EXAMPLE)
    of = {(one.side, one.place): one for one in found}
    paths = [
        (of["z1", j], of["z2", i])
        for (side, j) in of
        if side == "z1"
        for (other, i) in of
        if other == "z2" and EXAMPLE[i, j]
    ]
    names = _names(found)
    rows = [
        {"part": "neuron", "name": names[one], "degree": one.degree, "internal": one.internal, "external": one.external}
        for one in found
    ]
    rows += [
        {"part": "path", "name": f"u - {names[first]} - {names[second]} - v", "value": _share(first, second)}
        for first, second in paths
    ]
    rows.append({"part": "score", "name": "CH3-L3(u, v)", "value": float(ch3_l3(EXAMPLE)[0, 0])})
    parts = (_net(found, names), *_legend(), *_sums(found, paths, names, float(ch3_l3(EXAMPLE)[0, 0])))
    note = "An example of our own; external links count those neither to u or v nor to another neuron on such a path."
    return Scene((7.2, 2.75), parts, rows, (note,))


def _share(first: Common, second: Common) -> float:
    return 1 / math.sqrt((1 + first.external) * (1 + second.external))


def _names(found: tuple[Common, ...]) -> dict[Common, str]:
    counts = {"z1": 0, "z2": 0}
    names = {}
    for one in found:
        names[one] = one.side.replace("1", "₁").replace("2", "₂") + "′" * counts[one.side]
        counts[one.side] += 1
    return names


def _net(found: tuple[Common, ...], names: dict[Common, str]) -> Net:
    inside = {("z1", one.place) if one.side == "z1" else ("z2", one.place) for one in found}
    links = []
    for i, j in np.argwhere(EXAMPLE):
        kind: LinkKind = "present" if i == 0 or j == 0 else "external"
        if ("z1", int(j)) in inside and ("z2", int(i)) in inside:
            kind = "internal"
        links.append(NetLink(0, int(i), int(j), kind))
    neurons = {(0, 0): "seed", (1, 0): "seed"}
    neurons |= {(1 if one.side == "z1" else 0, one.place): "community" for one in found}
    labels = {(0, 0): "u", (1, 0): "v"}
    labels |= {(1 if one.side == "z1" else 0, one.place): names[one] for one in found}
    return Net("example", (0.5, 0.75), (1.8, 1.85), EXAMPLE.shape, tuple(links), neurons, labels)  # type: ignore[arg-type]


def _legend() -> Iterator[Part]:
    lines = (
        ("yellow: the seeds u and v, not linked; green: neurons on the paths of length three between them", None),
        ("solid, vermilion: internal local community links (iLCL)", FIT),
        ("dashed, blue: external local community links (eLCL)", DATA),
    )
    for place, (text, colour) in enumerate(lines):
        y = 0.55 - 0.17 * place
        yield Note((0.12, y), text, 6.5) if colour is None else Note((0.12, y), text, 6.5, colour)


def _sums(
    found: tuple[Common, ...], paths: list[tuple[Common, Common]], names: dict[Common, str], score: float
) -> Iterator[Part]:
    heads = (("neuron", 3.3), ("links", 4.05), ("to u or v", 4.55), ("iLCL", 5.3), ("eLCL", 5.85), ("1 + eLCL", 6.4))
    for head, x in heads:
        yield Note((x, 2.62), head, 7, bold=True)
    for line, one in enumerate(found, start=1):
        cells = (names[one], one.degree, 1, one.internal, one.external, 1 + one.external)
        for (_, x), cell in zip(heads, cells, strict=True):
            yield Note((x, 2.62 - 0.2 * line), str(cell))
    top = 2.62 - 0.2 * (len(found) + 1) - 0.1
    for line, (first, second) in enumerate(paths):
        y = top - 0.2 * line
        a, b = 1 + first.external, 1 + second.external
        yield Note((3.3, y), f"path u - {names[first]} - {names[second]} - v")
        yield Note((5.3, y), f"1 / √({a} · {b}) = {_share(first, second):.3f}")
    y = top - 0.2 * len(paths)
    yield Note((3.3, y), "CH3-L3(u, v), their sum", bold=True)
    yield Note((5.3, y), f"{score:.3f}", bold=True)
