"""What schematics compute: small updates, local communities and soft chances."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sparsegraph.figures.material import Material
from sparsegraph.figures.scenes.community import EXAMPLE, commons, local_community
from sparsegraph.figures.scenes.loops import dst_loop, two_loops
from sparsegraph.figures.scenes.small_update import SHAPES, net_of, small_update
from sparsegraph.figures.scenes.soft_rule import first_draw, soft_update
from sparsegraph.graph.mask import Mask
from sparsegraph.kernels.link_scores import ch3_l3
from sparsegraph.training.recipes import RECIPES


@pytest.mark.parametrize("name", ["set", "esml", "chts"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_small_updates_conserve_links(name: str, seed: int) -> None:
    update = small_update(RECIPES[name], "er", seed=seed)
    assert [one.before.shape for one in update.updates] == list(SHAPES)
    for one, rest in zip(update.updates, update.kept(percolated=True), strict=True):
        assert one.after.n_links == one.before.n_links
        assert rest.n_links == one.before.n_links - one.events.removed.size - one.events.percolated.size
        assert one.events.regrown.size == one.events.removed.size + one.events.percolated.size


def test_both_loops_begin_with_the_same_net_and_only_esml_percolates() -> None:
    one, other = (small_update(RECIPES[name], "er", seed=0) for name in ("set", "esml"))
    for a, b in zip(one.updates, other.updates, strict=True):
        assert np.array_equal(a.before.positions, b.before.positions)
        assert np.array_equal(a.events.removed, b.events.removed)
    rows = {(row["method"], row["block"]): row["percolated"] for row in two_loops(Material()).data}
    assert sum(n for (method, _), n in rows.items() if "SET" in method) == 0
    assert sum(n for (method, _), n in rows.items() if method == "ESML") > 0


def test_neurons_without_links_on_a_side_are_inactive() -> None:
    masks = [Mask((2, 2), np.array([0])), Mask((2, 1), np.array([0, 1]))]  # neuron (1, 1) has no link from the inputs
    net = net_of("net", (0, 0), (1, 1), masks, [("removed", [np.array([0]), np.array([])])], inactive=masks)
    assert net.neurons == {(0, 1): "inactive", (1, 1): "inactive"}
    assert [link.kind for link in net.links] == ["present", "present", "removed"]


def test_the_example_of_a_local_community_by_hand() -> None:
    # Worked out on paper: z1 (column 1) has rows u, 1, 3, z1' (column 2) rows u, 1, 2; z2 (row 1) has columns v, 1, 2,
    # 3, z2' (row 2) columns v, 2, 3, 4.  Community: columns 1, 2 and rows 1, 2.
    found = commons(EXAMPLE)
    told = [(one.side, one.place, one.degree, one.internal, one.external) for one in found]
    assert told == [("z1", 1, 3, 1, 1), ("z1", 2, 3, 2, 0), ("z2", 1, 4, 2, 1), ("z2", 2, 4, 1, 2)]
    by_hand = 1 / math.sqrt(2 * 2) + 1 / math.sqrt(1 * 2) + 1 / math.sqrt(1 * 3)
    rows = local_community(Material()).data
    assert rows[-1]["value"] == pytest.approx(by_hand)
    assert sum(row["value"] for row in rows if row["part"] == "path") == pytest.approx(by_hand)


def test_chances_follow_equation_3() -> None:
    mask = Mask.from_array(EXAMPLE)
    scores = ch3_l3(mask)
    for delta, power in ((0.5, 1), (0.75, 3)):
        chance = first_draw(mask, delta)
        assert chance.sum() == pytest.approx(1)
        assert np.allclose(chance, scores**power / (scores**power).sum())
        assert (chance[EXAMPLE] == 0).all()
    assert first_draw(Mask((2, 2), np.array([0])), 0.5).sum() == 0  # no path of length three


def test_regrown_links_of_the_soft_update_were_absent() -> None:
    rows = soft_update(Material(seed=0)).data
    assert any(row["regrown"] for row in rows)
    assert not [row for row in rows if row["regrown"] and row["linked"]]


def test_the_architecture_counts_the_links_of_the_paper() -> None:
    # 1 % of 784 x 1000 and of 1000 x 1000, and a dense readout: 000, architecture
    assert [row["links"] for row in dst_loop(Material()).data] == [7840, 10_000, 10_000, 10_000]
