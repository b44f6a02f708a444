"""Random starts against the laws they are meant to have."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.paths import count_paths
from sparsegraph.kernels.powerlaw import CLAUSET_GRID, fit_discrete
from sparsegraph.topology.density import erk, link_counts
from sparsegraph.topology.initialise import INITIALISERS, Shape
from sparsegraph.topology.scale_free import bipartite_scale_free

CHTS_SHAPES = [(784, 1568), (1568, 1568), (1568, 1568)]


def start(name: str, shapes: list[Shape], counts: list[int], seed: int, **options: float) -> list[Mask]:
    return INITIALISERS[name].function(shapes, counts, rng=np.random.default_rng(seed), **options)


def degrees(mask: Mask) -> tuple[np.ndarray, np.ndarray]:
    return np.bincount(mask.source, minlength=mask.shape[0]), np.bincount(mask.target, minlength=mask.shape[1])


def n_paths(masks: list[Mask]) -> int:
    return count_paths(LayeredGraph.from_matrices([mask.to_array().astype(np.float64) for mask in masks]))


def uniformity(counts: np.ndarray, n_draws: int, n_links: int) -> float:
    """p-value of equally likely positions when each draw takes n_links different ones.

    Counts have variance n_draws p (1 - p) and are negatively correlated; their sum of squares divided by
    n_draws p (1 - p) n / (n - 1) is chi-square with n - 1 degrees of freedom.
    """
    n = counts.size
    share = n_links / n
    statistic = ((counts - n_draws * share) ** 2).sum() * (n - 1) / n / (n_draws * share * (1 - share))
    return float(stats.chi2.sf(statistic, n - 1))


@pytest.mark.parametrize(("name", "options"), [("er", {}), ("bsw", {"beta": 1.0})])
def test_positions_of_random_starts_are_equally_likely(name: str, options: dict[str, float]) -> None:
    counts = np.zeros(60)
    for seed in range(1500):
        (mask,) = start(name, [(6, 10)], [20], seed, **options)
        counts[mask.positions] += 1
    assert 1e-4 < uniformity(counts, 1500, 20) < 1 - 1e-4


@pytest.mark.parametrize(("name", "options"), [("er", {}), ("bsw", {"beta": 1.0})])
def test_degrees_of_random_starts_have_the_hypergeometric_variance(name: str, options: dict[str, float]) -> None:
    """Links of a neuron: n_links drawn of all positions, of which n_target are its own.

    400 degrees a draw and 20 draws: the standard error of the variance is about sqrt(2 / 8000) = 1.6 %.
    """
    shape, n_links = (400, 300), 3600
    law = stats.hypergeom(shape[0] * shape[1], shape[1], n_links)
    variances = [degrees(start(name, [shape], [n_links], seed, **options)[0])[0].var() for seed in range(20)]
    assert np.mean(variances) == pytest.approx(law.var(), rel=0.07)


def test_mean_degrees_of_the_survival_net() -> None:
    """Requirements, section H: 42.3, 174.5 and 105.2 links a neuron of input, first and second hidden layer."""
    shapes = [(3072, 1024), (1024, 512), (512, 10)]
    masks = start("er", shapes, link_counts(shapes, erk(shapes, 0.05), total=183_757), 0)
    (input_out, first_in), (first_out, second_in), (second_out, _) = map(degrees, masks)
    assert input_out.mean() == pytest.approx(42.3, abs=0.05)
    assert (first_in + first_out).mean() == pytest.approx(174.5, abs=0.05)
    assert (second_in + second_out).mean() == pytest.approx(105.2, abs=0.05)


def test_a_lattice_links_the_nearest_neurons() -> None:
    """Ring of 60 sources and 240 targets, six links a target: all within three places of it, and none missing."""
    (mask,) = start("bsw", [(60, 240)], [1440], 0, beta=0.0)
    offset = (mask.source - mask.target * 60 / 240 + 30) % 60 - 30
    assert np.unique(degrees(mask)[1]).tolist() == [6]
    assert np.unique(degrees(mask)[0]).tolist() == [24]
    assert (offset >= -4).all()
    assert (offset < 3).all()


def test_fractional_degrees_are_mixed_in_exact_proportion() -> None:
    """4.3 links a target on average: 30 % have five and 70 % four, which ones by chance; source degrees stay close."""
    more = np.zeros(100)
    for seed in range(400):
        into = degrees(start("bsw", [(50, 100)], [430], seed, beta=0.0)[0])[1]
        assert np.bincount(into).tolist() == [0, 0, 0, 0, 70, 30]
        more += into == 5
    assert 1e-4 < uniformity(more, 400, 30) < 1 - 1e-4


@pytest.mark.parametrize("beta", [0.05, 0.25, 0.5])
def test_beta_is_the_share_of_rewired_links(beta: float) -> None:
    """Links of the lattice stay with 1 - beta; a dropped one is drawn again with D / (absent + D), D dropped in all."""
    shape, n_links, n_draws = (200, 200), 2000, 30
    (lattice,) = start("bsw", [shape], [n_links], 0, beta=0.0)  # ten links a target: no chance in it
    left = [
        lattice.contains(start("bsw", [shape], [n_links], seed, beta=beta)[0].positions).sum()
        for seed in range(n_draws)
    ]
    dropped = beta * n_links
    again = dropped / (shape[0] * shape[1] - n_links + dropped)
    expected = n_links - dropped * (1 - again)
    error = np.sqrt(n_links * beta * (1 - beta) / n_draws)
    assert abs(np.mean(left) - expected) < 4 * error


def test_clustering_falls_with_rewiring() -> None:
    """CHTs, figure 2: squares (two sources that share two targets) are many in the lattice and few in ER."""

    def n_squares(beta: float) -> int:
        links = start("bsw", [(200, 200)], [1600], 1, beta=beta)[0].to_array().astype(np.int64)
        shared = links @ links.T
        np.fill_diagonal(shared, 0)
        return int((shared * (shared - 1) // 2).sum()) // 2

    lattice, small_world, uniform = map(n_squares, (0.0, 0.25, 1.0))
    assert lattice > small_world > 3 * uniform


@pytest.mark.parametrize("shape", [(784, 1000), (1000, 1000), (784, 1568)])
def test_the_exponent_of_scale_free_starts(shape: Shape) -> None:
    """CHTs, section 2.3: gamma = 2.76, allowed 0.3 (requirements, F52); all degrees on Clauset's grid, as the paper."""
    alphas = []
    for seed in range(5):
        mask, _ = bipartite_scale_free(shape, shape[0] * shape[1] // 100, rng=np.random.default_rng(seed))
        alphas.append(fit_discrete(np.concatenate(degrees(mask)), alpha_grid=CLAUSET_GRID).alpha)
    assert abs(np.mean(alphas) - 2.76) < 0.3


def test_equal_partition_levels_inputs_and_keeps_hidden_hubs() -> None:
    counts = [shape[0] * shape[1] // 100 for shape in CHTS_SHAPES]
    plain, level = start("bsf", CHTS_SHAPES, counts, 3), start("bsf+ep", CHTS_SHAPES, counts, 3)
    assert np.array_equal(degrees(plain[0])[1], degrees(level[0])[1])
    assert np.ptp(degrees(plain[0])[0]) > 100
    assert np.ptp(degrees(level[0])[0]) <= 1


def test_links_of_levelled_inputs_are_shared_as_by_chance() -> None:
    """Hidden neurons of d_i and d_j links share inputs in proportion to d_i d_j, hubs no more than others.

    Level inputs fix the sum over all pairs: 100 inputs of 9 links each are shared by 36 pairs each.
    """
    n_inputs, into_each = 100, 9
    ratios = []
    for seed in range(20):
        (mask,) = start("bsf+ep", [(n_inputs, 150)], [n_inputs * into_each], seed)
        into = degrees(mask)[1]
        matrix = mask.to_array().astype(np.int64)
        shared, products = matrix.T @ matrix, np.outer(into, into)
        all_pairs = np.triu(np.ones_like(shared), 1) > 0
        assert shared[all_pairs].sum() == n_inputs * into_each * (into_each - 1) // 2
        hubs = np.argsort(into)[-20:]
        hub_pairs = all_pairs & np.isin(np.arange(150), hubs) & np.isin(np.arange(150), hubs)[:, None]
        share_of_hubs = shared[hub_pairs].sum() / shared[all_pairs].sum()
        ratios.append(share_of_hubs / (products[hub_pairs].sum() / products[all_pairs].sum()))
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)


def test_resorting_makes_more_input_output_paths() -> None:
    """CHTs, section 3.1.1; requirements, F51."""
    shapes = [(300, 600), (600, 600), (600, 600)]
    counts = [shape[0] * shape[1] // 100 for shape in shapes]
    for plain, resorted in (("bsf", "bsf+resort"), ("bsf+ep", "bsf+ep+resort")):
        for seed in range(3):
            assert n_paths(start(resorted, shapes, counts, seed)) > 1.5 * n_paths(start(plain, shapes, counts, seed))
