"""Start topologies as matrices, with their numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sparsegraph.figures.figure import Drawn
from sparsegraph.figures.kinds.adjacency import Start, adjacency
from sparsegraph.figures.material import Material

PAPER = {"paper": "004", "table": "004 text", "method": "bsf", "quantity": "gamma"}
STARTS = (
    Start("BSF", "bsf", paper=PAPER),
    Start("lattice", "bsw", {"beta": 0.0}),
    Start("random", "bsw", {"beta": 1.0}),
)


@pytest.fixture(scope="module")
def drawn() -> Drawn:
    return adjacency(Material(seed=1), starts=STARTS, shape=(300, 300), density=0.03)


def test_numbers_of_the_starts(drawn: Drawn) -> None:
    rows = drawn.data.set_index("start")
    assert (rows["n_links"] == 2700).all()
    # 004, section 2.3: the lattice is clustered and has long paths, the random net neither, BSF a power law of 2.76
    assert rows.loc["lattice", "clustering"] > 10 * rows.loc["random", "clustering"]
    assert rows.loc["lattice", "path_length"] > 3 * rows.loc["random", "path_length"]
    assert rows.loc["BSF", "gamma"] == pytest.approx(2.76, abs=0.3)
    assert rows.loc["BSF", "paper_gamma"] == 2.76
    assert np.isnan(rows.loc["lattice", "gamma"])


def test_words_below_the_panels_say_what_is_no_exponent(drawn: Drawn) -> None:
    below = [axes.texts[0].get_text() for axes in drawn.canvas.axes if axes.texts]
    assert "(paper 2.76)" in below[0]
    assert below[1].startswith("no exponent: all degrees are equal")


def test_the_lattice_is_black_along_its_diagonal_only(drawn: Drawn) -> None:
    image = np.asarray(drawn.canvas.axes[1].images[0].get_array())
    assert image.shape == (200, 200)
    assert image.diagonal().all()
    assert image.mean() < 0.1
