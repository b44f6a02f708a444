"""Link scores against the authors' own programs (reference data ch_l3_*.npz; their README says how they were run)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sparsegraph.kernels.link_scores import PATH_FACTORS, ch3_l3, path_scores
from sparsegraph.kernels.link_scores_node import NODE_FACTORS, node_scores
from sparsegraph.kernels.link_scores_present import ch3_l3_of_present

GRAPHS = (
    "bsw_40x80_d15_beta0_authorsgen",
    "complete_6x8_minus5",
    "er_200x200_p001",
    "er_25x25_isolated",
    "er_30x40_p015",
    "rect_12x90_p02",
    "tiny_path_3x3",
)
PATH_MODELS = {
    "RA_L3p": "ra_l3",
    "CH1_L3p": "ch1_l3",
    "CH2_L3p": "ch2_l3",
    "CH3_L3p": "ch3_l3",
    "iLCL_L3p": "ilcl_l3",
    "CH3_1_L3p": "ch3.1_l3",
    "CH3_L3p_softrepo_v1": "ch3_l3",
    "CH3_L3p_softrepo_v2": "ch3_l3",
    "CH3_L3p_softrepo_v3": "ch3_l3",
}
NODE_MODELS = {"CH2_L3n": "ch2_l3n", "CH3_L3n": "ch3_l3n", "CH3_1_L3n": "ch3.1_l3n"}


@pytest.fixture(scope="module", params=GRAPHS)
def graph(request: pytest.FixtureRequest, oracles: Path) -> dict[str, np.ndarray]:
    with np.load(oracles / f"ch_l3_{request.param}.npz") as stored:
        return dict(stored)


def test_path_scores_are_the_authors(graph: dict[str, np.ndarray]) -> None:
    missing = graph["missing"]
    for theirs, ours in PATH_MODELS.items():
        scores = path_scores(graph["mask"], PATH_FACTORS[ours])
        np.testing.assert_allclose(scores[missing], graph[theirs][missing], rtol=1e-9, err_msg=theirs)
        assert not scores[~missing].any()


def test_ch3_l3_is_the_authors_either_way_round(graph: dict[str, np.ndarray]) -> None:
    missing, expected = graph["missing"], graph["CH3_L3p"]
    np.testing.assert_allclose(ch3_l3(graph["mask"])[missing], expected[missing], rtol=1e-9)
    np.testing.assert_allclose(ch3_l3(graph["mask"].T).T[missing], expected[missing], rtol=1e-9)


def test_node_scores_are_the_authors_which_ran_in_single_precision(graph: dict[str, np.ndarray]) -> None:
    missing = graph["missing"]
    for theirs, ours in NODE_MODELS.items():
        scores = node_scores(graph["mask"], NODE_FACTORS[ours])
        np.testing.assert_allclose(scores[missing], graph[theirs][missing], rtol=1e-5, err_msg=theirs)


def test_present_links_are_scored_as_by_the_authors(graph: dict[str, np.ndarray]) -> None:
    """Their program also fills present links, with these values; sub-ranking takes them as lengths."""
    np.testing.assert_allclose(ch3_l3_of_present(graph["mask"]), graph["CH3_L3p"][~graph["missing"]], rtol=1e-9)


def test_all_graphs_are_tested(oracles: Path) -> None:
    assert {path.stem.removeprefix("ch_l3_") for path in oracles.glob("ch_l3_*.npz")} == set(GRAPHS)
