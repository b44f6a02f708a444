from __future__ import annotations

import random

import pytest

from sparsegraph.errors import AmbiguousChainError
from sparsegraph.io.network.ordering import Station, in_order, n_joints, natural_level


def fits(left: Station, right: Station) -> bool:
    return left.n_target == right.n_source


def stations(*rows: tuple[str, int, int]) -> list[Station]:
    return [Station(name, name, n_source, n_target, index) for index, (name, n_source, n_target) in enumerate(rows)]


NETS = {
    "fc1 to fc11, not in the order of text": [(f"fc{i}", 8, 8) for i in range(1, 12)],
    "Sequential": [("layers.0.weight", 9, 5), ("layers.2.weight", 5, 5), ("layers.10.weight", 5, 2)],
    "two levels of numbers": [(f"blocks.{i}.{j}.weight", 4, 4) for i in range(3) for j in range(11)],
    "one count over several stems": [("conv1", 1, 6), ("conv2", 6, 6), ("fc3", 6, 6), ("fc4", 6, 6)],
    "stems in the only order that fits": [("zeta.0", 3, 8), ("zeta.3", 8, 4), ("alpha.1", 4, 7), ("alpha.4", 7, 2)],
    "words where shapes admit more": [("encoder", 784, 64), ("decoder", 64, 784)],
    "square hidden layers, then a head": [("hidden1", 6, 6), ("hidden2", 6, 6), ("head", 6, 6)],
    "Keras, first one without a number": [("conv2d", 1, 4), ("conv2d_1", 4, 4), ("dense", 4, 4), ("dense_1", 4, 4)],
    "camel case": [("inputLayer", 5, 5), ("hiddenLayer", 5, 5), ("outputLayer", 5, 5)],
}


@pytest.mark.parametrize("net", NETS.values(), ids=NETS.keys())
@pytest.mark.parametrize("seed", range(4))
def test_order_whatever_the_order_of_keys(net: list[tuple[str, int, int]], seed: int) -> None:
    shuffled = random.Random(seed).sample(net, len(net))
    assert [station.name for station in in_order(stations(*shuffled), fits)] == [name for name, _, _ in net]


def test_numbers_win_over_shapes() -> None:
    """Numbered names keep their order even where other orders would join more."""
    rows = stations(("fc1", 4, 3), ("fc2", 8, 4), ("fc3", 3, 2))
    assert [station.name for station in in_order(rows, fits)] == ["fc1", "fc2", "fc3"]


def test_ambiguous_shapes_ask_for_layers() -> None:
    told = (
        r"alpha \(8 -> 8\), beta \(8 -> 8\).*--layers \(layers=\).*--layers alpha,beta.*--scope block \(scope='block'\)"
    )
    with pytest.raises(AmbiguousChainError, match=told):
        in_order(stations(("alpha", 8, 8), ("beta", 8, 8)), fits)


def test_words_that_do_not_tell_are_ambiguous() -> None:
    with pytest.raises(AmbiguousChainError):
        in_order(stations(("head.one", 8, 8), ("head.two", 8, 8)), fits)


def test_what_fits_nowhere_keeps_the_order_of_words_and_file() -> None:
    rows = stations(("b", 7, 5), ("output", 2, 9), ("a", 6, 1))
    assert [station.name for station in in_order(rows, fits)] == ["b", "a", "output"]


@pytest.mark.parametrize(
    ("part", "level"),
    [("fc10", ("fc", (10,))), ("conv2d", ("conv2d", ())), ("conv2d_7", ("conv2d", (7,))), ("[4]", ("", (4,))),
     ("W_0", ("W", (0,))), ("12", ("", (12,))), ("weight_hh_l0", ("weight_hh_l", (0,)))],
)  # fmt: skip
def test_levels(part: str, level: tuple[str, tuple[int, ...]]) -> None:
    assert natural_level(part) == level


def test_joints_by_name_alone() -> None:
    assert n_joints(stations(("fc2", 5, 3), ("fc1", 9, 5)), fits) == 1
    assert n_joints(stations(("fc2", 9, 5), ("fc1", 5, 3)), fits) == 0
