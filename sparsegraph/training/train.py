"""Training in one call."""

from __future__ import annotations

import dataclasses
import os
import warnings
from pathlib import Path
from typing import Any

from sparsegraph.arguments import whole
from sparsegraph.errors import SparseGraphError
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.training.progress import Progress
from sparsegraph.training.request import Request
from sparsegraph.training.run import RunOptions, train_run


def train(
    profile: str,
    directory: str | os.PathLike[str],
    *,
    options: RunOptions = RunOptions(),
    resume: bool = False,
    progress: Progress | None = None,
    **choices: Any,
) -> Run:
    """Train a network by one of the methods of the papers, and open the run that it leaves.

    Parameters
    ----------
    profile : str
        A recipe, such as "set" or "esml", or a paper's profile; ``sparsegraph train --list`` has them all.
    directory : path
        New or empty; with ``resume`` that of the same run, which goes on.
    options : RunOptions
        Where data sets lie, and how often weights are kept.
    resume : bool
        Go on where the run was stopped; a finished one is opened as it is.
    progress : Progress, optional
    **choices
        What shall differ from the profile, by the names of :class:`sparsegraph.training.request.Request`: ``data``,
        ``seed``, ``sparsity``, ``hidden`` ("1000x3", or the sizes), ``epochs``, ``learning_rate``, ``regrowth`` ...

    Returns
    -------
    Run

    Raises
    ------
    SparseGraphError
        If a name or value is wrong, data are missing, the directory holds something else, or training diverges.
    TypeError
        If there is no such choice.

    Warns
    -----
    UserWarning
        Of what a reader of the accuracy must know: that no update fell into the training, that the start leaves hardly
        any neuron active.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp()) / "run"
    >>> run = train("set", folder, data="digits", hidden="100x3", sparsity=0.9, epochs=2)
    >>> run.final.graph
    <LayeredGraph 64-100-100-100-10: 374 neurons, 3640 links>
    """
    known = [field.name for field in dataclasses.fields(Request) if field.name != "profile"]
    if unknown := sorted(set(choices) - set(known)):
        raise TypeError(f"training has no choice {', '.join(unknown)}; it has {', '.join(known)}")
    if choices.get("hidden") is not None:
        choices["hidden"] = _layers(choices["hidden"])
    asked = Request(profile, **choices)
    summary = train_run(asked, directory, options=options, resume=resume, progress=progress)
    for warning in summary.warnings:
        warnings.warn(warning, stacklevel=2)
    return open_run(Path(directory))


def _layers(hidden: object) -> str:
    """Hidden layers as a request has them."""
    if isinstance(hidden, str):
        return hidden
    if isinstance(hidden, list | tuple) and hidden:
        return "-".join(str(whole("the size of a hidden layer", size, least=1)) for size in hidden)
    raise SparseGraphError(
        f"hidden layers {hidden!r}: a text such as '100x3' or a list of sizes such as [100, 100, 100] is expected"
    )
