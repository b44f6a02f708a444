"""Attachment kernels of known truth, found again; uniform regrowth has none."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from trajectories import attached, trajectory_of, without_events

from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot, Trajectory
from sparsegraph.kernels.relative_rates import Round, power_fit
from sparsegraph.measures.trajectory.attachment import attachment
from sparsegraph.measures.trajectory.attachment_kernel import PairKernel
from sparsegraph.measures.trajectory.degree_pairs import ends_of, rounds_of
from sparsegraph.measures.trajectory.steps import walk
from sparsegraph.result import Undefined
from sparsegraph.rng import rng_for
from sparsegraph.topology.evolve import Part, Quota, RegrowthRule, RemovalRule, UpdateRules, Wiring, evolve

SHAPE, N_LINKS = (80, 60), 600


def gains(trajectory: Trajectory) -> PairKernel:
    kernel = attachment(trajectory).per_block[0].attachment
    assert not isinstance(kernel, Undefined)
    return kernel


def grown_rounds(trajectory: Trajectory) -> list[Round]:
    ends = ends_of(trajectory[0].blocks)
    rounds = [rounds_of(steps, ends, "block")[0].grown for _, steps in walk(trajectory) if steps]
    return [one for one in rounds if one is not None]


def within(kernel: PairKernel, exponents: tuple[float, float], n_errors: float = 3.5) -> bool:
    """Whether both exponents lie within so many standard errors of the truth (3.5: once in 2,000 times by chance)."""
    sides = zip((kernel.source, kernel.target), exponents, strict=True)
    return all(abs(side.exponent - truth) < n_errors * side.standard_error for side, truth in sides)  # type: ignore[operator]


@pytest.mark.parametrize("exponents", [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (1.0, 1.0)])
def test_exponents_are_found_again(exponents: tuple[float, float]) -> None:
    kernel = attachment(attached((150, 120), 1800, exponents)).per_block[0]
    assert not isinstance(kernel.attachment, Undefined)
    assert not isinstance(kernel.new_links, Undefined)
    assert kernel.basis == "events"
    assert within(kernel.attachment, exponents)
    assert within(kernel.new_links, exponents)
    for side, truth in zip((kernel.attachment.source, kernel.attachment.target), exponents, strict=True):
        assert side.standard_error < 0.1  # type: ignore[operator]
        assert (side.p_value < 0.001) == (truth > 0)  # type: ignore[operator]


@pytest.mark.parametrize("exponents", [(0.0, 0.0), (1.0, 0.5)])
def test_standard_errors_are_right(exponents: tuple[float, float]) -> None:
    """Of 80 estimates 76 should lie within 1.96 standard errors; fewer than 69 do once in a thousand times."""
    distances = []
    for seed in range(40):
        fit = power_fit(grown_rounds(attached(SHAPE, N_LINKS, exponents, n_updates=15, seed=seed)))
        assert fit is not None
        distances += list((fit.exponents - exponents) / np.sqrt(np.diag(fit.covariance)))
    assert (np.abs(distances) < 1.96).sum() >= 69
    assert np.std(distances) == pytest.approx(1.0, abs=0.25)


def test_rates_follow_the_power_without_being_told() -> None:
    side = gains(attached((150, 120), 1800, (1.0, 1.0))).source
    many = np.array(side.n_events) > 200
    assert many.sum() >= 4
    ratio = np.array(side.rate)[many] / np.array(side.degree)[many]
    np.testing.assert_allclose(ratio / ratio.mean(), 1.0, atol=0.15)
    assert side.scale == pytest.approx(ratio.mean(), rel=0.1)


def test_one_side_by_itself_would_show_less() -> None:
    """Hubs that have each other already are offered what is left: the reason why both sides are fitted at once."""
    both, alone = [], []
    for seed in range(8):
        rounds = grown_rounds(attached((60, 60), 900, (1.0, 1.0), seed=seed))
        for free, found in (((True, True), both), ((True, False), alone)):
            fit = power_fit(rounds, free=free)
            assert fit is not None
            found.append(fit.exponents[0])
    error = np.std(both) / np.sqrt(8)
    assert abs(np.mean(both) - 1.0) < 3.5 * error
    assert np.mean(alone) < 1.0 - 3.5 * error


def test_masks_alone_show_no_attraction_where_there_is_none() -> None:
    kernel = attachment(without_events(attached((150, 120), 1800, (0.0, 0.0)))).per_block[0]
    assert kernel.basis == "mask differences"
    assert not isinstance(kernel.attachment, Undefined)
    assert within(kernel.attachment, (0.0, 0.0))


def test_masks_alone_show_an_attraction_though_blurred() -> None:
    trajectory = attached((150, 120), 1800, (1.0, 1.0))
    blurred = gains(without_events(trajectory)).source.exponent
    assert 0.4 < blurred < gains(trajectory).source.exponent + 0.1  # type: ignore[operator]


def bunched(seed: int) -> Trajectory:
    """Uniform regrowth in bunches: at each update some source neurons, whatever their degree, get most new links."""
    rng = np.random.default_rng(seed)
    present = np.zeros(SHAPE[0] * SHAPE[1], np.bool_)
    present[rng.choice(present.size, N_LINKS, replace=False)] = True
    made = []
    for update in range(31):
        removed = np.sort(rng.choice(np.flatnonzero(present), 180, replace=False))
        present[removed] = False
        favour = np.repeat(rng.lognormal(sigma=1.5, size=SHAPE[0]), SHAPE[1])
        times = np.where(present, np.inf, rng.exponential(size=present.size) / favour)
        regrown = np.sort(np.argpartition(times, 180)[:180])
        present[regrown] = True
        events = LinkEvents(removed, removed[:0], regrown)
        made.append(Snapshot(update, (BlockState("a", Mask(SHAPE, np.flatnonzero(present)), events=events),), update))
    return trajectory_of(made)


def test_links_in_bunches_are_no_independent_witnesses() -> None:
    robust, independent = [], []
    for seed in range(12):
        side = gains(bunched(seed)).source
        robust.append(side.exponent / side.standard_error)  # type: ignore[operator]
        independent.append(side.exponent / side.standard_error_independent)  # type: ignore[operator]
    assert np.std(independent) > 1.8  # as if certain
    assert np.std(robust) < 1.6


class NoSignals:
    """For rules that ask for nothing."""


def random_run(*, percolate: bool) -> Trajectory:
    """Magnitude removal and uniform regrowth by the package's own update; weights grow with age."""
    rng = np.random.default_rng(0)
    sizes = [60, 80, 70, 10]
    masks = [
        Mask(shape, np.sort(rng.choice(shape[0] * shape[1], shape[0] * shape[1] // 12, replace=False)))
        for shape in itertools.pairwise(sizes)
    ]
    rules = UpdateRules(RemovalRule(), RegrowthRule(), percolate)
    wiring = Wiring.chain([mask.shape for mask in masks])
    popular = [np.random.default_rng(i).lognormal(sigma=1.0, size=mask.shape) for i, mask in enumerate(masks)]
    events: list[LinkEvents | None] = [None] * len(masks)
    made = []
    for update in range(31):
        blocks = [
            BlockState(f"fc{i}", mask, events=event) for i, (mask, event) in enumerate(zip(masks, events, strict=True))
        ]
        made.append(Snapshot(update, tuple(blocks), update))
        parts = [
            Part(mask, weights.ravel()[mask.positions], Quota(int(0.3 * mask.n_links), mask.n_links))
            for mask, weights in zip(masks, popular, strict=True)
        ]
        changes = evolve(
            parts, rules, NoSignals(), wiring=wiring,  # type: ignore[arg-type]
            streams=lambda purpose, block, update=update: rng_for(update, purpose, str(block)),  # type: ignore[misc]
        )  # fmt: skip
        masks = [change.after for change in changes if change is not None]
        events = [change.events for change in changes if change is not None]
    return trajectory_of(made)


@pytest.mark.parametrize("percolate", [False, True])
def test_uniform_regrowth_of_our_own_has_no_kernel(percolate: bool) -> None:
    result = attachment(random_run(percolate=percolate))
    assert [part.basis for part in result.per_block] == ["events"] * 3
    for part in result.per_block:
        assert not isinstance(part.attachment, Undefined)
        assert not isinstance(part.new_links, Undefined)
        assert within(part.attachment, (0.0, 0.0))
        assert within(part.new_links, (0.0, 0.0))
