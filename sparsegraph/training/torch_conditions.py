"""The conditions under which torch trains here: its own optimisers, a fixed number of threads, determinism."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.utils import deterministic

from sparsegraph.training.optimiser import SGD, Optimiser


@contextmanager
def fixed_conditions(threads: int) -> Iterator[None]:
    """Compute with this many threads, deterministically and without subnormal numbers; leave torch as it was found.

    Parameters
    ----------
    threads : int
        Sums are split by threads, so that results depend on it in the last digits.

    Notes
    -----
    On a GPU torch is deterministic only with ``CUBLAS_WORKSPACE_CONFIG`` in the environment (its documentation names
    the values); where that is missing nothing is asked of it.

    Numbers below 1e-38 count as 0 where the processor can do so: a net that knows its images by heart sends back little
    else, and computing with them is many times slower.
    """
    before, strict = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    warned = torch.is_deterministic_algorithms_warn_only_enabled()
    fills = deterministic.fill_uninitialized_memory  # type: ignore[attr-defined]
    deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    flushed = bool(torch.tensor(1e-40) * 1 == 0)
    torch.set_flush_denormal(True)
    torch.set_num_threads(threads)
    if not torch.cuda.is_available() or "CUBLAS_WORKSPACE_CONFIG" in os.environ:
        torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(flushed)
        torch.use_deterministic_algorithms(strict, warn_only=warned)
        deterministic.fill_uninitialized_memory = fills  # type: ignore[attr-defined]
        torch.set_num_threads(before)


def torch_optimiser(optimiser: Optimiser, model: nn.Module) -> torch.optim.Optimizer:
    """Torch's own optimiser for all parameters of a model; the learning rate is set at each step.

    In one pass over the parameters ("fused"): a wide dense net on a CPU spends half of its time on moving them.
    """
    parameters = list(model.parameters())
    if isinstance(optimiser, SGD):
        return torch.optim.SGD(
            parameters,
            lr=0.0,
            momentum=optimiser.momentum,
            weight_decay=optimiser.weight_decay,
            nesterov=optimiser.nesterov,
            fused=True,
        )
    return torch.optim.Adam(
        parameters, lr=0.0, betas=optimiser.betas, eps=optimiser.eps, weight_decay=optimiser.weight_decay, fused=True
    )
