"""Curves and areas of whole nets."""

from __future__ import annotations

import json
from typing import Literal

import graphs
import numpy as np
import pytest

from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.perturb.curves import curve_of, mean_of
from sparsegraph.perturb.network import Network
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import Design, robustness
from sparsegraph.result import Undefined

FEW = (0.0, 0.3, 0.6, 1.0)


def trained() -> tuple[Network, np.ndarray, np.ndarray]:
    """A sparse net and the labels that it gives itself: accuracy 1 without perturbation."""
    rng = np.random.default_rng(0)
    sparse_part = graphs.erdos_renyi((20, 40, 40), 0.15)
    readout = rng.normal(size=(40, 5))
    graph = LayeredGraph.from_matrices([*(block.weights for block in sparse_part.blocks), readout])
    network = Network(graph, [rng.normal(size=40) * 0.1, None, rng.normal(size=5) * 0.1])
    images = rng.normal(size=(300, 20))
    sums = images
    for block, own in zip(graph.blocks, network.biases, strict=True):
        sums = np.maximum(sums, 0) if block.source else sums
        sums = sums @ block.weights.toarray() + (0 if own is None else own)
    return network, images, sums.argmax(axis=1)


def test_two_links_by_hand() -> None:
    """Class 0 hangs on the link of weight 2, class 1 on that of weight 1; ties go to class 0."""
    network = Network(LayeredGraph.from_matrices([np.diag([2.0, 1.0])]), [None])
    images, labels = np.eye(2), np.array([0, 1])
    design = Design(("strongest", "weakest"), readout="include", grid=(0.0, 0.5, 1.0))
    found = robustness(network, images, labels, design=design)
    # strongest gone: outputs (0, 0) and (0, 1), both still right; weakest gone: (2, 0) and (0, 0), one right
    assert [point.mean for point in found.curves[0].points] == [1.0, 1.0, 0.5]
    assert [point.mean for point in found.curves[1].points] == [1.0, 0.5, 0.5]
    # trapezoids: (1 + 0.75) / 2 and (0.75 + 0.5) / 2
    assert {name: area.mean for name, area in found.areas.items()} == {"strongest": 0.875, "weakest": 0.625}
    assert (found.accuracy, found.chance, found.n_links, found.n_samples) == (1.0, 0.5, 2, 2)


def test_curves_begin_at_the_accuracy_and_end_at_a_constant_answer() -> None:
    network, images, labels = trained()
    found = robustness(network, images, labels, design=Design(n_repeats=3, grid=FEW))
    assert found.accuracy == network.accuracy(images, labels) == 1.0
    constant = {np.mean(labels == label) for label in range(5)}
    for curve in found.curves:
        kind = PERTURBATIONS[curve.perturbation]
        assert curve.x == tuple(kind.largest * share for share in FEW)
        assert curve.points[0].mean == 1.0
        assert curve.n_repeats == (3 if kind.is_random else 1)
        assert curve.accuracies.shape == (4, curve.n_repeats)
        assert 0 <= curve.area.mean <= 1
        if kind.removes:
            assert curve.points[-1].mean in constant
    assert found.readout.startswith("readout not perturbed (dense last block")
    assert found.n_links == sum(block.n_links for block in network.graph.blocks[:2])


def test_weak_links_matter_less_than_strong_ones() -> None:
    areas = robustness(*trained(), design=Design(n_repeats=5)).areas
    assert areas["weakest"].mean > areas["random"].mean > areas["strongest"].mean


def test_same_seed_same_curves_on_any_number_of_threads() -> None:
    design = Design(n_repeats=4, grid=FEW, seed=7)
    one, two = (robustness(*trained(), design=design, n_jobs=n).to_dict() for n in (1, 2))
    assert one == two
    other = robustness(*trained(), design=Design(n_repeats=4, grid=FEW, seed=8)).to_dict()
    assert other["curves"] != one["curves"]


def test_no_perturbation_moves_anothers_numbers() -> None:
    together = robustness(*trained(), design=Design(n_repeats=2, grid=FEW))
    alone = robustness(*trained(), design=Design(("noise",), n_repeats=2, grid=FEW)).curves[0]
    of_all = together.curve("noise")
    assert of_all is not None
    assert of_all.to_dict() == alone.to_dict()
    assert together.curve("nothing") is None


def test_scopes_rank_all_links_or_those_of_each_block() -> None:
    """Weights 10, 10 and then 2, 1: globally the first block goes first, by itself each block loses one link."""
    graph = LayeredGraph.from_matrices([10 * np.eye(2), np.diag([2.0, 1.0])])
    network = Network(graph, [None, np.array([0.5, 0.0])])

    def at_half(scope: Literal["global", "layer"]) -> float:
        design = Design(("strongest",), scope, "include", grid=(0.0, 0.5, 1.0))
        return robustness(network, np.eye(2), np.array([0, 1]), design=design).curves[0].points[1].mean

    # global: no input has a link, outputs (0.5, 0) for both images
    assert at_half("global") == 0.5
    # layer: input 1 - hidden 1 - output 1 is left (of two 10s the first goes), outputs (0.5, 0) and (0.5, 10)
    assert at_half("layer") == 1.0


def test_a_readout_is_perturbed_where_asked_for() -> None:
    network, images, labels = trained()
    design = Design(("strongest",), readout="include", grid=FEW)
    found = robustness(network, images, labels, design=design)
    assert found.n_links == network.graph.n_links
    assert found.readout == "readout included (as asked)"


def test_spread_is_that_of_student() -> None:
    # of 0.2, 0.4, 0.6: standard deviation 0.2; t(0.975, 2) = 4.302653, times 0.2 / sqrt(3)
    found = mean_of(np.array([0.2, 0.4, 0.6]))
    assert (found.mean, found.std) == (pytest.approx(0.4), pytest.approx(0.2))
    assert isinstance(found.high, float)
    assert found.high - 0.4 == pytest.approx(4.302653 * 0.2 / 3**0.5, rel=1e-6)
    assert isinstance(mean_of(np.array([0.5])).std, Undefined)


def test_intervals_of_shares_stay_shares() -> None:
    wide = mean_of(np.array([0.1, 0.1, 0.9]))  # half of the interval is 4.30 x 0.46 / sqrt(3) = 1.15
    assert (wide.low, wide.high) == (0.0, 1.0)
    high = mean_of(np.array([0.9, 0.95, 1.0]))  # 4.303 x 0.05 / sqrt(3) = 0.1242
    assert (high.low, high.high) == (pytest.approx(0.95 - 0.1242, abs=1e-4), 1.0)


def test_area_is_normalised_by_the_range() -> None:
    accuracies = np.array([[1.0, 1.0], [0.5, 1.0], [0.0, 1.0]])
    curve = curve_of(accuracies, np.array([0.0, 2.5, 5.0]), perturbation="noise", x_label="", convention="")
    assert curve.area.mean == 0.75  # repeats have areas 0.5 and 1
    assert curve.area.std == pytest.approx(0.5**0.5 / 2)


def test_collapse_at_once_has_the_area_that_the_papers_grid_gives() -> None:
    """requirements B37: accuracy 0.98 at 0 and 0.1 behind it, 21 points: 0.1 + 0.88 / 40."""
    accuracies = np.full((21, 1), 0.1)
    accuracies[0] = 0.98
    curve = curve_of(accuracies, np.linspace(0, 1, 21), perturbation="strongest", x_label="", convention="")
    assert curve.area.mean == pytest.approx(0.122)


def test_results_are_tables_and_json() -> None:
    found = robustness(*trained(), design=Design(n_repeats=2, grid=FEW))
    plain = found.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    frame = found.to_frame()
    assert list(frame.columns) == ["perturbation", "x", "accuracy", "std", "low", "high", "n"]
    assert len(frame) == 5 * len(FEW)
    assert frame[frame.perturbation == "strongest"]["std"].isna().all()
    assert frame[frame.perturbation == "noise"]["std"].notna().all()


def test_progress_counts_every_copy_once() -> None:
    told: list[tuple[int, int]] = []
    design = Design(("random", "weakest"), n_repeats=3, grid=FEW)
    robustness(*trained(), design=design, n_jobs=2, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 12) for done in range(1, 13)]  # 3 x 3 and 3: the net as it is is not among them


@pytest.mark.parametrize(
    "options",
    [
        {"perturbations": ()},
        {"perturbations": ("noise", "noise")},
        {"scope": "everywhere"},
        {"grid": (0.0,)},
        {"grid": (0.0, 2.0)},
        {"grid": (0.5, 0.0)},
        {"n_repeats": 0},
    ],
)
def test_impossible_designs_are_refused_by_name(options: dict[str, object]) -> None:
    with pytest.raises(DataError, match=next(iter(options))):
        Design(**options)  # type: ignore[arg-type]


def test_unknown_perturbations_get_near_names() -> None:
    with pytest.raises(UnknownNameError, match="noise"):
        Design(("nois",))
    with pytest.raises(DataError, match="n_jobs"):
        robustness(*trained(), n_jobs=0)
