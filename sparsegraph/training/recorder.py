"""Snapshots from anyone's own training loop."""

from __future__ import annotations

import operator
import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from torch import nn

from sparsegraph.arguments import whole
from sparsegraph.errors import SparseGraphError
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.names import listed
from sparsegraph.io.runs.plain_values import to_plain
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.training.observed import Masks, check_input_shape, observed_blocks, other_values, warn_of_gaps

_RESERVED = ("epoch", "step", "update", "links", "snapshot")


class Recorder:
    """Writes a run directory while a model is in training; made by :func:`record`."""

    def __init__(
        self,
        model: nn.Module,
        writer: RunWriter,
        every: int,
        input_shape: tuple[int, ...] | None,
        masks: Masks | None = None,
    ) -> None:
        self._model, self._writer, self._every, self._masks = model, writer, every, masks
        extra = {name: values.copy() for name, values in other_values(model).items()}
        self._last = Snapshot(0, self._blocks(), 0, input_shape=input_shape, extra=extra)
        self._n_calls = 0
        self._is_written = self._has_ended = self._has_warned = False

    def snapshot(self, *, epoch: int | None = None, step: int | None = None, **metrics: Any) -> None:
        """Record the model as it is now.

        A record goes into the history at each call, a topology snapshot into the run where links changed since the
        call before, and a snapshot with weights at each ``every``-th call.

        Parameters
        ----------
        epoch, step : int, optional
            The epoch numbers the snapshot, and must rise; without it the calls are counted.
        **metrics
            Plain values, such as ``test_accuracy=0.93``; numbers of numpy and torch too.

        Raises
        ------
        SparseGraphError
            If the number does not rise or is none, a metric has a reserved name or is no plain value, the recording
            has ended, or the disk refuses.

        Warns
        -----
        UserWarning
            Once, if weights are NaN or infinite; they are recorded as they are.
        """
        if self._has_ended:
            raise SparseGraphError("the recording has ended; call snapshot inside the with block")
        epoch, step, plain = _count("epoch", epoch), _count("step", step), _plain(metrics)
        number = self._n_calls + 1 if epoch is None else epoch
        is_first = self._n_calls == 0
        if not is_first and number <= self._last.number:
            raise SparseGraphError(f"snapshot {number} after {self._last.number}; numbers must rise")
        if is_first and number > 0:
            self._begin(None if epoch is None else 0, None if step is None else 0)
        self._n_calls += 1
        is_new = is_first and number == 0
        self._advance(
            replace(self._last, number=number, epoch=epoch, step=step, meta={"metrics": plain}), is_new=is_new
        )
        if self._n_calls % self._every == 0:
            self._keep()
        times = {"epoch": epoch, "step": step, "update": self._last.update}
        links = {block.name: block.mask.n_links for block in self._last.blocks}
        self._writer.history({**times, "snapshot": number if self._is_written else None, "links": links, **plain})

    def finish(self) -> None:
        """Write the model as it is if its weights are not in the run yet; :func:`record` calls it at the end."""
        if self._n_calls == 0:
            self._begin(None, None)
        if not _same(self._last.blocks, self._blocks()):
            self._advance(replace(self._last, number=self._last.number + 1, epoch=None, step=None, meta={}))
        if not self._is_written:
            self._keep()

    def end(self) -> None:
        """Refuse further snapshots."""
        self._has_ended = True

    def _blocks(self) -> tuple[BlockState, ...]:
        return observed_blocks(self._model, self._masks)

    def _begin(self, epoch: int | None, step: int | None) -> None:
        """The model as it was when the recording began is number 0."""
        self._last = replace(self._last, epoch=epoch, step=step)
        self._writer.topology(self._last)
        self._writer.snapshot(self._last)
        self._is_written = True

    def _advance(self, now: Snapshot, *, is_new: bool = False) -> None:
        """Let ``now``, with the model's present blocks, be the last state; the first of all has no events."""
        blocks = self._blocks()
        if not is_new:
            blocks = _with_events(self._last.blocks, blocks)
        self._warn_of_numbers(blocks, now.number)
        changed = any(b.events is not None and b.events.removed.size + b.events.regrown.size for b in blocks)
        self._last = replace(now, blocks=blocks, update=(now.update or 0) + changed, extra={})
        if changed or is_new:
            self._writer.topology(self._last)
        self._is_written = False

    def _keep(self) -> None:
        self._writer.snapshot(replace(self._last, extra=other_values(self._model)))
        self._is_written = True

    def _warn_of_numbers(self, blocks: tuple[BlockState, ...], number: int) -> None:
        bad = [b.name for b in blocks if b.weights is not None and not np.isfinite(b.weights).all()]
        if bad and not self._has_warned:
            self._has_warned = True
            message = (
                f"weights of {listed(bad)} are NaN or infinite at snapshot {number}; they are recorded as they are"
            )
            warnings.warn(message, stacklevel=4)


def _with_events(before: tuple[BlockState, ...], after: tuple[BlockState, ...]) -> tuple[BlockState, ...]:
    """The blocks with what changed since the last state."""
    if [b.name for b in after] != [b.name for b in before]:
        raise SparseGraphError("the model has other layers than at the last snapshot; record it as another run")
    now = []
    for old, new in zip(before, after, strict=True):
        removed = old.mask.positions[~new.mask.contains(old.mask.positions)]
        regrown = new.mask.positions[~old.mask.contains(new.mask.positions)]
        now.append(replace(new, events=LinkEvents(removed, removed[:0], regrown)))
    return tuple(now)


def _same(before: tuple[BlockState, ...], after: tuple[BlockState, ...]) -> bool:
    """Whether two states have equal links, weights and biases; NaN equals itself."""
    return [b.name for b in before] == [b.name for b in after] and all(
        np.array_equal(old.mask.positions, new.mask.positions)
        and _equal(old.weights, new.weights)
        and _equal(old.biases, new.biases)
        for old, new in zip(before, after, strict=True)
    )


def _equal(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    return np.array_equal(one, other, equal_nan=True)


def _count(name: str, value: Any) -> int | None:
    """An int from 0, of whatever library."""
    if value is None:
        return None
    try:
        number = -1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = -1
    if number < 0:
        raise SparseGraphError(f"{name} is {value!r}; expected a whole number from 0")
    return number


def _plain(metrics: Mapping[str, Any]) -> dict[str, Any]:
    if taken := [name for name in metrics if name in _RESERVED]:
        raise SparseGraphError(f"{taken[0]!r} is recorded anyway; give the metric another name")
    plain = {}
    for name, value in metrics.items():
        try:
            plain[name] = to_plain(value)
        except TypeError as error:
            raise SparseGraphError(f"{name}: {error}") from None
    return plain


@contextmanager
def record(
    model: nn.Module,
    directory: str | os.PathLike[str],
    *,
    every: int = 1,
    input_shape: tuple[int, ...] | None = None,
    configuration: Mapping[str, Any] | None = None,
    masks: Masks | None = None,
) -> Iterator[Recorder]:
    """Let any PyTorch training loop write a run directory.

    Linear layers, convolutions and layers of one's own with a ``weight`` (out, in, ...) and a mask become blocks, in
    the order of ``model.named_modules()``.  The links of a layer are those of its mask, zero weights included: of
    :class:`SparseLinear`, of ``torch.nn.utils.prune``, of a tensor of the weight's shape with "mask" in its name, in
    the layer or in a parametrisation of its weight; without any they are the non-zero weights.  What changed between
    two calls of ``snapshot`` is written as removed and regrown links.

    The model as it is when the context is entered becomes number 0, unless the first call has that number itself
    (epochs counted from 0).  When the context ends without an error, the model is written once more if its weights are
    not in the run yet: under the number of the last call, or under the next one if it was trained after it.

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
    masks : mapping, or function that gives one, optional
        Masks that lie outside the model, as many trainers keep them: tensors or arrays of the weights' shapes, not zero
        where a link is, by the name of the layer or of its weight ("fc1", "fc1.weight").  Looked at anew at every
        snapshot; of layers that it lacks the masks are found as above.

    Yields
    ------
    Recorder

    Raises
    ------
    SparseGraphError
        If the directory is in use, the model has no such layer, or a mask or ``input_shape`` does not fit.

    Warns
    -----
    UserWarning
        If matrices of the model are not in the graph, a layer's mask does not fit its weight, or neighbours in that
        order do not fit each other: graphs then are several chains.

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
    every = whole("every", every, least=1)
    blocks = observed_blocks(model, masks)
    check_input_shape(input_shape, blocks)
    warn_of_gaps(model, blocks, stacklevel=3)
    layers = [{"name": b.name, "kind": b.kind, "shape": b.mask.shape, "torch_shape": b.torch_shape} for b in blocks]
    described = {"recorded": {"model": type(model).__name__, "layers": layers}, **(configuration or {})}
    with RunWriter.create(directory, described, _environment()) as writer:
        recorder = Recorder(model, writer, every, input_shape, masks)
        try:
            yield recorder
            recorder.finish()
        finally:
            recorder.end()


def _environment() -> dict[str, Any]:
    import torch

    from sparsegraph import __version__

    return {"versions": {"sparsegraph": __version__, "torch": str(torch.__version__)}}
