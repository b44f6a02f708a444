"""From a plan to an engine that is ready to train: start topology, start weights, and who computes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sparsegraph.data.dataset import DataSet
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.mask import Mask
from sparsegraph.rng import rng_for
from sparsegraph.topology.initialise import INITIALISERS
from sparsegraph.topology.start_weights import START_WEIGHTS
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.engine import Engine
from sparsegraph.training.optimiser import SGD
from sparsegraph.training.plan import BlockPlan, Plan, mlp_blocks, plan, quota_counts
from sparsegraph.training.profiles import Profile
from sparsegraph.training.rbm import RBMSettings, SparseRBM

# Above this share of links dense products are faster than visiting links one by one (benchmarks/train_step.py).
DENSE_FROM = 0.3

SPARSE_CONVOLUTIONS = ("convnet", "vgg16", "resnet50", "resnet56")
"""Models whose convolutions are blocks."""


def plan_for(profile: Profile, data: DataSet) -> Plan:
    """Shapes and link counts of the profile's model for a data set."""
    if profile.recipe.percolate and profile.model in SPARSE_CONVOLUTIONS:
        raise SparseGraphError(
            f"{profile.recipe.name} drops links by percolation, which is there for chains of linear layers only; "
            f"{profile.model} has sparse convolutions"
        )
    if profile.model == "mlp":
        blocks = mlp_blocks(profile, data.n_features, data.n_classes)
    elif profile.model == "rbm":
        blocks = _rbm_block(profile, data)
    else:
        if profile.recipe.pruned_after:
            raise SparseGraphError(
                f"pruning after training is there for multilayer perceptrons, not for {profile.model}"
            )
        from sparsegraph.training.models.catalogue import outline
        from sparsegraph.training.models.network import block_shapes

        network = outline(profile.model, data.image_shape, data.n_classes, profile.hidden)
        blocks = tuple(BlockPlan(block.name, block.shape, block.kernel) for block in block_shapes(network))
    return plan(profile, blocks, len(data.train))


def _rbm_block(profile: Profile, data: DataSet) -> tuple[BlockPlan, ...]:
    if profile.recipe.kind == "dense" or profile.recipe.percolate or not isinstance(profile.hidden, tuple):
        raise SparseGraphError(
            "a restricted Boltzmann machine has one sparse block and no readout: neither dense training nor "
            "percolation is there for it, and --hidden (hidden=) is the size of its hidden layer, such as 1000"
        )
    return (BlockPlan("rbm", (data.n_features, profile.hidden[0])),)


def start_masks(plan_: Plan, data: DataSet, *, seed: int) -> list[Mask]:
    """Masks of all blocks at the start; complete blocks are complete.

    Parameters
    ----------
    plan_ : Plan
    data : DataSet
        Its training inputs are given to initialisers that need them.
    seed : int
    """
    masks = [Mask.complete(block.shape) for block in plan_.blocks]
    if not plan_.sparse:
        return masks
    recipe = plan_.profile.recipe
    rule = INITIALISERS[recipe.start]
    needs = {"features": data.pixels(data.train.images)} if "features" in rule.needs else {}
    shapes = [plan_.blocks[i].shape for i in plan_.sparse]
    rng = rng_for(seed, "start-topology")
    sparse = rule.function(shapes, quota_counts(plan_, 0).tolist(), rng=rng, **needs, **recipe.start_options)
    for index, mask in zip(plan_.sparse, sparse, strict=True):
        masks[index] = mask
    return masks


def start_weights(law: str, masks: Sequence[Mask], *, seed: int) -> list[np.ndarray]:
    """First weights of every block, one a link; masks with equally many links agree on their common positions."""
    draw = START_WEIGHTS[law].function
    return [draw(mask, rng=rng_for(seed, "start-weights", str(block))) for block, mask in enumerate(masks)]


def start_engine(
    plan_: Plan, data: DataSet, masks: Sequence[Mask], weights: Sequence[np.ndarray], *, seed: int, threads: int
) -> Engine:
    """The faster engine for this plan: compiled sparse steps, or torch for dense nets and for any other model.

    Parameters
    ----------
    plan_, data, masks, weights
    seed : int
        For first values of layers that are no blocks.
    threads : int
        That torch computes with; the compiled engine always uses one.
    """
    profile = plan_.profile
    if profile.model == "mlp" and plan_.density <= DENSE_FROM:
        names = tuple(block.name for block in plan_.blocks)
        return CompiledMLP(masks, weights, batch_size=profile.batch_size, optimiser=profile.optimiser, names=names)
    if profile.model == "rbm":
        return _rbm(profile, masks[0], weights[0], seed=seed)
    from sparsegraph.training.models.catalogue import outline
    from sparsegraph.training.models.start import start
    from sparsegraph.training.torch_engine import TorchEngine

    shape = (data.n_features,) if profile.model == "mlp" else data.image_shape
    network = outline(profile.model, shape, data.n_classes, profile.hidden)
    start(network, masks, weights, rng=rng_for(seed, "other-layers"))
    engine = TorchEngine(
        network,
        batch_size=profile.batch_size,
        optimiser=profile.optimiser,
        input_shape=network.input_shape,
        threads=threads,
    )
    try:
        engine.evaluate(data.test.images[:1], data.test.labels[:1])
    except RuntimeError as error:
        size = "x".join(map(str, data.image_shape))
        raise SparseGraphError(f"{profile.model} cannot take images of {size}: {error}") from None
    return engine


def _rbm(profile: Profile, mask: Mask, weights: np.ndarray, *, seed: int) -> Engine:
    if not isinstance(profile.optimiser, SGD):
        raise SparseGraphError("a restricted Boltzmann machine is trained by contrastive divergence with momentum only")
    settings = RBMSettings(profile.batch_size, profile.optimiser.momentum, profile.optimiser.weight_decay)
    return SparseRBM(mask, weights, settings=settings, rng=rng_for(seed, "hidden-states"))
