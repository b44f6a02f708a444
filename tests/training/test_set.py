"""The SET loop: links are conserved, learning happens."""

from __future__ import annotations

import numpy as np

from sparsegraph.data.digits import load_digits
from sparsegraph.rng import rng_for
from sparsegraph.training.loop import EpochRecord, SetRecipe, train


def test_set_conserves_links_learns_and_repeats() -> None:
    digits = load_digits(rng=rng_for(0, "digits"))
    recipe = SetRecipe((64, 80, 80, 10), density=0.1, epochs=4)
    records: list[EpochRecord] = []
    graph = train(recipe, (digits.train, digits.test), seed=1, on_epoch=records.append)
    again = train(recipe, (digits.train, digits.test), seed=1, on_epoch=lambda record: None)
    assert [block.n_links for block in graph.blocks] == [512, 640, 800]
    assert [r.epoch for r in records] == [1, 2, 3, 4]
    assert records[-1].test_accuracy > 0.8
    for one, two in zip(graph.blocks, again.blocks, strict=True):
        np.testing.assert_array_equal(one.weights.toarray(), two.weights.toarray())
