"""Tables of words follow the recipes, and name functions that exist."""

from __future__ import annotations

import importlib

import pytest

from sparsegraph.figures.material import Material
from sparsegraph.figures.sheets import algorithms, hyperparameters, methods
from sparsegraph.training.profiles import find_profile


@pytest.mark.parametrize("steps", [algorithms.ESML, algorithms.CHT])
def test_every_step_names_what_does_it_here(steps: tuple[tuple[str, str, str], ...]) -> None:
    assert [step for step, _, _ in steps] == [str(i) for i in range(1, len(steps) + 1)]
    for _, _, name in steps:
        if name:
            module, _, attribute = name.rpartition(".")
            assert hasattr(importlib.import_module(f"sparsegraph.{module}"), attribute), name


def test_methods_say_where_the_paper_differs() -> None:
    rows = {row[0]: dict(zip(methods.COLUMNS, row, strict=True)) for row in methods.methods(Material())}
    assert rows["SET"]["regrowth"] == "random"
    assert rows["RigL"]["gradients"] == "dense at updates (paper: dense)"
    assert rows["CHT"]["new links"] == "zero (paper: SWI)"  # requirements, AMB-06
    assert rows["CHT"]["early stop"] == "yes, overlap 0.9"
    assert rows["MEST"]["removal"] == "weight and gradient"
    assert rows["GraNet (not here)"]["sparsity fixed"] == "no"


def test_methods_follow_their_recipes() -> None:
    recipe = find_profile("chts-chts-ri").recipe
    told = dict(zip(methods.COLUMNS[1:], methods.described(recipe), strict=True))
    assert (told["removal"], told["regrowth"], told["early stop"]) == ("relative importance", "CH3-L3", "no")
    assert methods.described(find_profile("snfs").recipe)[2] == "dense"
    assert methods.described(find_profile("mest-ems").recipe)[3] == "no"


def test_hyperparameters_of_chts_agree_with_the_paper_where_it_says_them() -> None:
    rows = {name: (ours, paper) for name, ours, paper in hyperparameters.of_chts(Material())}
    # 004, table A1 and section 4.1
    assert rows["neurons in a hidden layer (784 inputs)"] == ("1568", "1568")
    assert rows["hidden layers"] == ("3", "3")
    assert rows["epochs"] == ("100", "100")
    assert rows["learning rate"][0] == "0.025, falling in a straight line to 0.00025"
    assert rows["update interval"] == ("1 epoch", "1 (epoch)")
    assert rows["weight decay"] == ("0.0005", "not said")


def test_hyperparameters_of_the_transformers_are_the_papers() -> None:
    rows = {row[0]: row[1:] for row in hyperparameters.of_transformer(Material())}
    assert len(rows) == 13
    assert rows["training steps"] == ("20000", "20000", "80000")  # 004, table A2
    assert rows["learning rate (inoam)"] == ("0.25", "2", "2")
