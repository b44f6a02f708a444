"""Snapshots from anyone's own training loop."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from torch import nn

from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.line import BlockState, breaks
from sparsegraph.graph.mask import LinkEvents
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.training.observed import observed_blocks, other_values

_RESERVED = ("epoch", "step", "update", "links", "snapshot")


class Recorder:
    """Writes a run directory while a model is in training; made by :func:`record`."""

    def __init__(self, model: nn.Module, writer: RunWriter, every: int, input_shape: tuple[int, ...] | None) -> None:
        self._model, self._writer, self._every, self._input_shape = model, writer, every, input_shape
        self._last: tuple[BlockState, ...] | None = None
        self._n_calls = 0
        self._update = 0

    def snapshot(self, *, epoch: int | None = None, step: int | None = None, **metrics: Any) -> None:
        """Record the model as it is now.

        A record goes into the history at each call, a topology snapshot into the run where links changed since the
        call before, and a snapshot with weights at each ``every``-th call.

        Parameters
        ----------
        epoch, step : int, optional
            The epoch numbers the snapshot, and must rise; without it the calls are counted.
        **metrics
            Plain values, such as ``test_accuracy=0.93``.

        Raises
        ------
        SparseGraphError
            If the number does not rise, a metric has a reserved name, or the disk refuses.
        """
        if taken := [name for name in metrics if name in _RESERVED]:
            raise SparseGraphError(f"{taken[0]!r} is recorded anyway; give the metric another name")
        self._n_calls += 1
        blocks, changed = self._with_events(observed_blocks(self._model))
        self._update += changed and self._last is not None
        number = self._n_calls if epoch is None else epoch
        now = Snapshot(number, blocks, self._update, epoch, step, self._input_shape, {"metrics": metrics})
        if changed:
            self._writer.topology(now)
        is_due = self._n_calls % self._every == 0
        if is_due:
            self._writer.snapshot(replace(now, extra=other_values(self._model)))
        times = {"epoch": epoch, "step": step, "update": self._update, "snapshot": number if is_due else None}
        self._writer.history({**times, "links": {b.name: b.mask.n_links for b in blocks}, **metrics})
        self._last = blocks

    def _with_events(self, blocks: tuple[BlockState, ...]) -> tuple[tuple[BlockState, ...], bool]:
        """The blocks with what changed since the last call, and whether anything did; the first call counts."""
        if self._last is None:
            return blocks, True
        if [b.name for b in blocks] != [b.name for b in self._last]:
            raise SparseGraphError("the model has other layers than at the last snapshot; record it as another run")
        now = []
        for old, new in zip(self._last, blocks, strict=True):
            removed = old.mask.positions[~new.mask.contains(old.mask.positions)]
            regrown = new.mask.positions[~old.mask.contains(new.mask.positions)]
            now.append(replace(new, events=LinkEvents(removed, removed[:0], regrown)))
        changed = any(b.events is not None and b.events.removed.size + b.events.regrown.size for b in now)
        return tuple(now), changed


@contextmanager
def record(
    model: nn.Module,
    directory: str | os.PathLike[str],
    *,
    every: int = 1,
    input_shape: tuple[int, ...] | None = None,
    configuration: Mapping[str, Any] | None = None,
) -> Iterator[Recorder]:
    """Let any PyTorch training loop write a run directory.

    Linear layers and convolutions become blocks, in the order of ``model.named_modules()``.  The links of a layer are
    those of its mask, zero weights included: of :class:`SparseLinear`, of ``torch.nn.utils.prune``, of an attribute
    ``mask`` or ``weight_mask``, or of a parametrisation with an attribute ``mask``; without any they are the non-zero
    weights.  What changed between two calls of ``snapshot`` is written as removed and regrown links.

    Parameters
    ----------
    model : torch.nn.Module
    directory : path
        New or empty.
    every : int
        Write the weights at every so many calls of ``snapshot``.
    input_shape : tuple of int, optional
        Of one sample, such as (1, 28, 28).
    configuration : mapping, optional
        Plain values that belong into the run's ``config.json``: recipe, seed, data set.

    Yields
    ------
    Recorder

    Raises
    ------
    SparseGraphError
        If the directory is in use, or the model has no such layer.

    Warns
    -----
    UserWarning
        If neighbours in that order do not fit each other: graphs then are several chains.

    Examples
    --------
    >>> import pathlib, tempfile, torch
    >>> import sparsegraph as sg
    >>> model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Linear(3, 2))
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "run"
    >>> with sg.record(model, folder) as recorder:
    ...     recorder.snapshot(epoch=1, test_accuracy=0.5)
    >>> sg.open_run(folder).final.graph
    <LayeredGraph 4-3-2: 9 neurons, 18 links>
    """
    if every < 1:
        raise SparseGraphError(f"every is {every}; expected at least 1")
    blocks = observed_blocks(model)
    for left, right in breaks(blocks):
        message = f"{left} and {right} follow each other in the model's modules but their sizes do not fit: the graph "
        warnings.warn(message + "of a snapshot begins a chain of its own there", stacklevel=3)
    layers = [{"name": b.name, "kind": b.kind, "shape": b.mask.shape, "torch_shape": b.torch_shape} for b in blocks]
    described = {"recorded": {"model": type(model).__name__, "layers": layers}, **(configuration or {})}
    with RunWriter.create(directory, described, _environment()) as writer:
        yield Recorder(model, writer, every, input_shape)


def _environment() -> dict[str, Any]:
    import torch

    from sparsegraph import __version__

    return {"versions": {"sparsegraph": __version__, "torch": str(torch.__version__)}}
