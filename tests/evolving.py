"""A small network in random evolution: snapshots to write and read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot

SURVIVAL_SHAPES = [(3072, 1024), (1024, 512), (512, 10)]
SURVIVAL_LINKS = [129_883, 48_754, 5_120]
"""ERK at a density of 0.05: 183,757 links; the readout is complete, the others as 4096 to 1536 (sum of their sides)."""


def random_mask(shape: tuple[int, int], n_links: int, rng: np.random.Generator) -> Mask:
    """``n_links`` links anywhere."""
    return Mask(shape, np.sort(rng.choice(shape[0] * shape[1], n_links, replace=False)))


def moved(mask: Mask, n: int, rng: np.random.Generator) -> tuple[Mask, LinkEvents]:
    """One update: ``n`` links removed, one more lost to percolation where there are two left, as many regrown."""
    lost = rng.choice(mask.positions, min(n + 1, mask.n_links), replace=False)
    kept = np.setdiff1d(mask.positions, lost)
    absent = np.setdiff1d(np.arange(mask.n_possible), kept)
    regrown = np.sort(rng.choice(absent, lost.size, replace=False))
    events = LinkEvents(np.sort(lost[:n]), np.sort(lost[n:]), regrown)
    return Mask(mask.shape, np.union1d(kept, regrown)), events


def blocks_of(masks: Sequence[Mask], events: Sequence[LinkEvents | None], rng: np.random.Generator) -> list[BlockState]:
    """Blocks with normal weights and biases."""
    return [
        BlockState(
            f"fc{i}",
            mask,
            rng.normal(size=mask.n_links).astype(np.float32),
            rng.normal(size=mask.shape[1]).astype(np.float32),
            events=event,
        )
        for i, (mask, event) in enumerate(zip(masks, events, strict=True), 1)
    ]


def snapshots(n: int, seed: int = 0) -> list[Snapshot]:
    """A net 12-8-5 at the start and after ``n - 1`` updates."""
    rng = np.random.default_rng(seed)
    masks = [random_mask((12, 8), 30, rng), random_mask((8, 5), 12, rng)]
    events: list[LinkEvents | None] = [None, None]
    made = []
    for update in range(n):
        if update:
            masks, events = map(list, zip(*(moved(mask, 5, rng) for mask in masks), strict=True))  # type: ignore[assignment]
        blocks = tuple(blocks_of(masks, events, rng))
        made.append(Snapshot(update, blocks, update, update, 10 * update, (1, 3, 4), {"accuracy": 0.5}))
    return made


def updated(mask: Mask, n: int, rng: np.random.Generator) -> tuple[Mask, LinkEvents]:
    """One update of a large mask: ``n`` links move uniformly, the case of most information."""
    present = mask.to_array().ravel()
    removed = np.sort(rng.choice(mask.positions, n, replace=False))
    present[removed] = False
    drawn = rng.integers(0, mask.n_possible, 2 * n + 64)
    absent = np.unique(drawn[~present[drawn]])
    absent = absent if absent.size >= n else np.flatnonzero(~present)
    regrown = np.sort(rng.choice(absent, n, replace=False))
    present[regrown] = True
    return Mask(mask.shape, np.flatnonzero(present)), LinkEvents(removed, removed[:0], regrown)


def survival_run(n_updates: int, rng: np.random.Generator) -> Iterator[Snapshot]:
    """The 3072-1024-512-10 net after each update, zeta falling from 0.5 to 0 by a cosine."""
    masks = [random_mask(shape, n, rng) for shape, n in zip(SURVIVAL_SHAPES, SURVIVAL_LINKS, strict=True)]
    for update in range(n_updates):
        zeta = 0.25 * (1 + np.cos(np.pi * update / (n_updates - 1)))
        done = [updated(mask, int(zeta * mask.n_links), rng) for mask in masks]
        masks = [mask for mask, _ in done]
        yield Snapshot(update, tuple(blocks_of(masks, [events for _, events in done], rng)), update)


def assert_same(left: Snapshot, right: Snapshot, *, weights: bool = True) -> None:
    """Equal to the last bit; without ``weights`` masks and events only."""
    keys = ("number", "update", "epoch", "step", "input_shape")
    assert [getattr(left, key) for key in keys] == [getattr(right, key) for key in keys]
    assert dict(left.meta) == dict(right.meta)
    for a, b in zip(left.blocks, right.blocks, strict=True):
        keys = ("name", "kind", "torch_shape", "groups")
        assert [getattr(a, key) for key in keys] == [getattr(b, key) for key in keys]
        assert a.mask.shape == b.mask.shape
        np.testing.assert_array_equal(a.mask.positions, b.mask.positions)
        assert (a.events is None) == (b.events is None)
        if a.events is not None and b.events is not None:
            for name in ("removed", "percolated", "regrown"):
                np.testing.assert_array_equal(getattr(a.events, name), getattr(b.events, name))
        if weights:
            np.testing.assert_array_equal(a.weights, b.weights)
            np.testing.assert_array_equal(a.biases, b.biases)
