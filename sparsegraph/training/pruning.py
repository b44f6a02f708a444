"""Pruning a dense net after training, without fine-tuning: the papers' structural baseline."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sparsegraph.data.dataset import DataSet
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.topology.density import link_counts
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.plan import Plan


def pruned_snapshot(final: Snapshot, plan: Plan, data: DataSet) -> Snapshot:
    """The final net with the strongest links of every block but the last, which stays dense.

    Parameters
    ----------
    final : Snapshot
        Of a trained dense multilayer perceptron.
    plan : Plan
        Whose profile's density is the share of links kept in each pruned block.
    data : DataSet
        For the accuracy after pruning, which goes into ``meta["pruned_after"]``.

    Notes
    -----
    Ties go to the earlier position.

    References
    ----------
    Sulyok, "Dynamic Sparse Training: structure and robustness": the dense baseline, pruned to 99 % layer by layer.
    """
    density = plan.profile.density
    shapes = [block.mask.shape for block in final.blocks]
    counts = link_counts(shapes, [*[density] * (len(shapes) - 1), 1.0])
    blocks = tuple(_strongest(block, n) for block, n in zip(final.blocks, counts, strict=True))
    engine = CompiledMLP(
        [block.mask for block in blocks],
        [block.weights for block in blocks if block.weights is not None],
        biases=[block.biases for block in blocks],
        batch_size=plan.profile.batch_size,
        optimiser=plan.profile.optimiser,
    )
    test = engine.evaluate(data.test.images, data.test.labels)
    remark = {
        "sparsity": 1 - density,
        "scope": "each block but the last",
        "links": [block.mask.n_links for block in blocks],
        "test": {"loss": test.loss, "accuracy": test.accuracy},
    }
    return replace(final, number=final.number + 1, blocks=blocks, meta={**final.meta, "pruned_after": remark})


def _strongest(block: BlockState, n_kept: int) -> BlockState:
    assert block.weights is not None
    kept = np.sort(np.argsort(-np.abs(block.weights), kind="stable")[:n_kept])
    return replace(block, mask=Mask(block.mask.shape, block.mask.positions[kept]), weights=block.weights[kept])
