"""Robustness that was found before: a folder of small files, each named by all that decides its content."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.code_identity import as_it_lies, code_of
from sparsegraph.errors import UnknownNameError
from sparsegraph.io.atomic import atomic_write
from sparsegraph.io.runs import layout
from sparsegraph.io.runs.run import open_run
from sparsegraph.perturb.curves import Robustness, curve_of
from sparsegraph.perturb.perturbations import PERTURBATIONS
from sparsegraph.perturb.robustness import Design
from sparsegraph.perturb.subject import Choice
from sparsegraph.perturb.tested import robustness_of
from sparsegraph.user_cache import cache_folder


def kept_robustness(
    run: str | os.PathLike[str],
    *,
    design: Design | None = None,
    data_dir: str | os.PathLike[str] | None = None,
    n_jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Robustness:
    """Accuracy of the last net of a run under perturbations, found once and kept.

    Parameters
    ----------
    run : path
        Folder of a run, judged as recorded.
    design : Design, optional
        What is done to the net.
    data_dir : path, optional
        Where data sets lie.
    n_jobs : int, optional
        Threads; the numbers do not depend on it.
    progress : callable
        Told how many copies of the net are judged, and of how many; not at all if the numbers were kept.

    Raises
    ------
    SparseGraphError
        As :func:`sparsegraph.robustness_of`.

    Notes
    -----
    Kept in the folder ``robustness`` of ``SPARSEGRAPH_CACHE``, else of the user's cache of sparsegraph, under a SHA-256
    of the snapshot's file, the run's configuration, the design and the code.  What cannot be read counts as absent.
    """
    design = design or Design()
    place = cache_folder("robustness") / f"{_key(Path(run), design)}.json"
    found = _read(place)
    if found is None:
        choice = Choice(folder=data_dir)
        found = robustness_of(run, choice=choice, design=design, n_jobs=n_jobs, progress=progress).robustness
        with suppress(OSError):  # where the disk refuses it is just not kept
            place.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(place, flush=False) as temporary:
                temporary.write_text(json.dumps(_plain(found)), encoding="utf-8")
    return found


def _key(place: Path, design: Design) -> str:
    run = open_run(place)
    told = [dict(run.config), dataclasses.asdict(design), _code(design)]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True, default=str).encode())
    if run.snapshots:
        path = layout.numbered(place, layout.SNAPSHOTS, run.snapshots.numbers[-1])
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _code(design: Design) -> list[Any]:
    """What of the code decides the numbers: all that judges a net, and each perturbation, which may be a plug-in's."""
    chosen = [PERTURBATIONS[name] for name in design.perturbations]
    rules = [(as_it_lies(one.rule), one.removes, one.is_random, one.largest) for one in chosen]
    return [code_of(__name__, *(one.rule.__module__ for one in chosen)), rules]


_FIELDS = ("accuracy", "chance", "n_samples", "n_links", "scope", "readout", "activation", "seed")


def _plain(found: Robustness) -> dict[str, Any]:
    curves = {curve.perturbation: [list(curve.x), curve.accuracies.tolist()] for curve in found.curves}
    return {**{name: getattr(found, name) for name in _FIELDS}, "curves": curves}


def _read(place: Path) -> Robustness | None:
    """What a file holds; None where it is absent or damaged."""
    try:
        content = json.loads(place.read_text(encoding="utf-8"))
        curves = tuple(
            curve_of(
                np.array(accuracies, float),
                np.array(x, float),
                perturbation=name,
                x_label=PERTURBATIONS[name].x_label,
                convention=PERTURBATIONS[name].convention,
            )
            for name, (x, accuracies) in content.pop("curves").items()
        )
        return Robustness(curves=curves, **content)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, UnknownNameError):
        return None
