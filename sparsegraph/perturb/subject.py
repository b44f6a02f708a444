"""What is put to the test: a trained net with the images to judge it on, from a run or from a checkpoint."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.arguments import kind_of, seed_of
from sparsegraph.errors import DataError, GraphError, SparseGraphError
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.forward import load_forward
from sparsegraph.io.runs.about import about
from sparsegraph.io.runs.layout import damage, ends_of, is_run, run_at
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.perturb.judged_on import Images, named_images, recorded_images
from sparsegraph.perturb.network import Network


@dataclass(frozen=True)
class Choice:
    """How the net and its images are found.

    Parameters
    ----------
    data : str or path, optional
        Data set of a checkpoint, which says nothing of it; of a run only where its data lie now.
    normalise, split : str, optional
        Of a checkpoint's images, by default "standard"; a run says them itself.
    snapshot : int, optional
        Number of a run's snapshot; by default the last.
    folder : path, optional
        Where data sets lie.
    download : bool
        Whether missing data may be fetched from their makers.
    n_samples : int, optional
        Most images to judge on, drawn at random; by default all.
    seed : int
        Of that draw.

    Raises
    ------
    DataError
        If the seed is no whole number from 0.
    """

    data: str | os.PathLike[str] | None = None
    normalise: str | None = None
    split: str | None = None
    snapshot: int | None = None
    folder: str | os.PathLike[str] | None = None
    download: bool = False
    n_samples: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "seed", seed_of(self.seed))


@dataclass(frozen=True, eq=False)
class Subject:
    """A net and its images.

    Parameters
    ----------
    path : str
        As the user gave it, with ``@`` and the number where a snapshot was chosen.
    network : Network
    images : Images
    assumed : tuple of str
        What no file says.
    recorded_accuracy : float or None
        Of the whole test part, as the run has it.
    """

    path: str
    network: Network
    images: Images
    assumed: tuple[str, ...] = ()
    recorded_accuracy: float | None = None

    @property
    def activations(self) -> dict[str, np.ndarray]:
        """Mean absolute activation of each neuron over the images, by layer name."""
        return self.network.mean_activations(self.images.test.images)


def subject(path: Run | str | os.PathLike[str], choice: Choice = Choice()) -> Subject:
    """The net of a run as recorded, or of a checkpoint with ReLU and the images that the user names.

    Parameters
    ----------
    path : path or Run
        Of a run (``RUN@N`` for its snapshot N) or of a checkpoint.
    choice : Choice

    Raises
    ------
    TypeError
        If something else is given as the one or the other.
    SparseGraphError
        If the net is no multilayer perceptron, or what it computes is in doubt; says why.
    """
    place, number = _numbered(path.path if isinstance(path, Run) else _checked(path))
    if not isinstance(choice, Choice):
        raise TypeError(
            f"a choice is a Choice of sparsegraph.perturb.subject, such as Choice(data='mnist'), not {kind_of(choice)}"
        )
    if number is not None and choice.snapshot not in (None, number):
        raise DataError(f"{path} names snapshot {number} but snapshot is {choice.snapshot}; name one of them")
    wanted = choice.snapshot if number is None else number
    if wrong := damage(place):
        raise SparseGraphError(f"{place}: {wrong}")
    try:
        return _of_run(open_run(place), wanted, choice) if is_run(place) else _of_checkpoint(place, wanted, choice)
    except GraphError as error:
        raise GraphError(f"{place}: {error}") from None


def activations_of(path: Run | str | os.PathLike[str], choice: Choice = Choice()) -> dict[str, np.ndarray]:
    """Mean absolute activation of each neuron over the test images, by layer name: what ``functional_activity`` needs.

    Parameters and errors as of :func:`subject`.
    """
    return subject(path, choice).activations


def _checked(path: object) -> str | os.PathLike[str]:
    if not isinstance(path, str | os.PathLike):
        raise TypeError(
            f"a run, or the path of a run or of a checkpoint, is expected, not {kind_of(path)}; its files have the "
            "biases and the data set that a test needs"
        )
    return path


def _numbered(path: str | os.PathLike[str]) -> tuple[Path, int | None]:
    """``RUN@N`` to both, unless a file has that very name."""
    run, number = run_at(path)
    return (run, int(number)) if number.isdecimal() else (Path(path), None)


def _of_run(run: Run, number: int | None, choice: Choice) -> Subject:
    snapshot = run.final if number is None else _snapshot(run, number)
    name = str(run.path) if number is None else f"{run.path}@{number}"
    profile = run.config.get("profile")
    if not isinstance(profile, Mapping):
        return _assumed(
            name, Network.from_snapshot(snapshot), choice, (f"snapshot {snapshot.number} of a recorded run",)
        )
    if profile.get("model") != "mlp":
        raise GraphError(f"a run of the model {profile.get('model')}; only multilayer perceptrons can be run")
    if choice.normalise is not None or choice.split is not None:
        raise DataError(f"{name}: a run says itself how its images were split and normalised; leave the options out")
    images = recorded_images(
        _data_of(run), name=choice.data or _asked(run), folder=choice.folder, download=choice.download
    )
    recorded = about(snapshot).get("test_accuracy")
    network = Network.from_snapshot(snapshot)
    return Subject(name, network, images.drawn(choice.n_samples, seed=choice.seed), (), recorded)


def _of_checkpoint(path: Path, number: int | None, choice: Choice) -> Subject:
    if number is not None:
        raise DataError(f"{path} is no run and has no snapshots; leave the number out")
    forward = load_forward(path)
    network = Network(forward.loaded.graph, forward.biases)
    n_without = sum(biases is None for biases in forward.biases)
    warnings = list(forward.loaded.warnings)
    if n_without:
        which = "any block" if n_without == len(forward.biases) else f"{n_without} of {len(forward.biases)} blocks"
        warnings.append(f"the file holds no biases of {which}: taken as 0")
    return _assumed(str(path), network, choice, tuple(warnings))


def _assumed(name: str, network: Network, choice: Choice, notes: tuple[str, ...]) -> Subject:
    """A net that does not say what it was trained on, nor what lies between its matrices."""
    if choice.data is None:
        raise DataError(
            f"{name}: a checkpoint does not say what it was trained on; name the data set with --data (data= of Choice)"
        )
    normalise, split = choice.normalise or "standard", choice.split or "standard"
    images = named_images(choice.data, normalise=normalise, split=split, folder=choice.folder, download=choice.download)
    said = "as asked" if choice.normalise else "assumed: none was named"
    assumed = ["ReLU between the layers is assumed: no file of weights says it", f"normalisation {normalise} {said}"]
    n_outputs, n_classes = network.graph.layers[-1].size, np.unique(images.test.labels).size
    if n_outputs > n_classes:
        assumed.append(f"the net has {n_outputs} outputs, the images {n_classes} classes: another data set?")
    return Subject(name, network, images.drawn(choice.n_samples, seed=choice.seed), (*assumed, *notes))


def _snapshot(run: Run, number: int) -> Snapshot:
    if number not in run.snapshots.numbers:
        raise DataError(f"{run.path}: there is no snapshot {number}; there are: {ends_of(run.snapshots.numbers)}")
    return run.snapshots.load(number)


def _data_of(run: Run) -> Mapping[str, Any]:
    record = run.config.get("data")
    if not isinstance(record, Mapping):
        raise DataError(f"{run.path}: the run does not record its data; it cannot be judged as recorded")
    return record


def _asked(run: Run) -> str | None:
    """The path of a user's own arrays; named sets are found by their recorded name."""
    asked = run.environment.get("request")
    name = asked.get("data") if isinstance(asked, Mapping) else None
    return name if isinstance(name, str) and name.endswith(".npz") else None
