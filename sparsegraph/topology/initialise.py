"""Topologies to start from, by name, and the uniformly random one."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import numpy as np

from sparsegraph.errors import DataError
from sparsegraph.graph.mask import Mask
from sparsegraph.registry import Registry
from sparsegraph.topology.rule import Rule, enter

F = TypeVar("F", bound=Callable[..., list[Mask]])
Shape = tuple[int, int]

FAMILIES = ("csti", "scale_free", "small_world")


def _import_families() -> None:
    for family in FAMILIES:
        importlib.import_module(f"sparsegraph.topology.{family}")


INITIALISERS: Registry[Rule] = Registry("initialiser", group="sparsegraph.initialisers", fill=_import_families)
"""Functions ``f(shapes, n_links, *, rng, <needs>, <options>) -> list of Mask``.

``shapes`` and ``n_links`` have one entry for each sparse block of the chain, input side first; the masks have exactly
these shapes and counts.  An entry that needs ``features`` is given the training inputs, (n_samples, n_features).
"""


def initialiser(name: str, *, needs: tuple[str, ...] = ()) -> Callable[[F], F]:
    """Enter the decorated function into ``INITIALISERS`` under ``name``."""
    return enter(INITIALISERS, name, needs=needs)


def blocks_of(shapes: Sequence[Shape], n_links: Sequence[int]) -> Iterator[tuple[Shape, int]]:
    """Shape and number of links of each block.

    Raises
    ------
    DataError
        If there are not as many counts as shapes, or if a block has no room for its links.
    """
    if len(shapes) != len(n_links):
        raise DataError(f"{len(shapes)} blocks but {len(n_links)} numbers of links; one for each is expected")
    for index, ((n_source, n_target), count) in enumerate(zip(shapes, n_links, strict=True)):
        if not 0 <= count <= n_source * n_target:
            raise DataError(f"block {index} of {n_source} x {n_target} neurons cannot have {count} links")
        yield (n_source, n_target), count


@initialiser("er")
def erdos_renyi(shapes: Sequence[Shape], n_links: Sequence[int], *, rng: np.random.Generator) -> list[Mask]:
    """Uniformly random links in exact number, G(n, m) (ER).

    Notes
    -----
    The published programs draw each link independently and so have a random number of links.  That the density of a
    block is in proportion to its sizes, which "ER" also stands for, is `topology.density.erdos_renyi`.

    References
    ----------
    P. Erdős, A. Rényi, "On random graphs I", Publicationes Mathematicae Debrecen 6 (1959).

    Examples
    --------
    >>> import numpy as np
    >>> [mask.n_links for mask in erdos_renyi([(4, 5), (5, 3)], [7, 6], rng=np.random.default_rng(0))]
    [7, 6]
    """
    masks = []
    for shape, count in blocks_of(shapes, n_links):
        drawn = rng.choice(shape[0] * shape[1], count, replace=False, shuffle=False)
        masks.append(Mask(shape, np.sort(drawn)))
    return masks
