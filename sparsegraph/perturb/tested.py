"""A trained net put to the test, from its files to curves, areas and ranks."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sparsegraph.arguments import kind_of, told
from sparsegraph.io.runs.run import Run
from sparsegraph.measures.rank import Rank, rank
from sparsegraph.perturb.curves import Robustness
from sparsegraph.perturb.robustness import Design, robustness
from sparsegraph.perturb.subject import Choice, subject
from sparsegraph.processors import n_processors

_TOLERATED = 1e-3
"""Accuracies may differ by that between machines."""


@dataclass(frozen=True)
class Tested:
    """One net under perturbations.

    Parameters
    ----------
    path, images : str
        Of the net, and in words what it was judged on.
    robustness : Robustness
    rank : Rank
        Of the same blocks.
    assumed : tuple of str
        What no file says, and what was noticed in it.
    recorded_accuracy : float or None
        As its run has it, on the whole test part.
    """

    path: str
    images: str
    robustness: Robustness
    rank: Rank
    assumed: tuple[str, ...] = ()
    recorded_accuracy: float | None = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must know first."""
        found, recorded = self.robustness.accuracy, self.recorded_accuracy
        if recorded is None or abs(found - recorded) <= _TOLERATED:
            return self.assumed
        return (*self.assumed, f"the run recorded an accuracy of {recorded:.2%}, found were {found:.2%}")

    def to_dict(self) -> dict[str, Any]:
        """One entry of the JSON document."""
        return {
            "path": self.path,
            "images": self.images,
            "recorded_accuracy": self.recorded_accuracy,
            "robustness": self.robustness.to_dict(),
            "rank": self.rank.to_dict(),
            "warnings": list(self.warnings),
        }


def robustness_of(
    path: Run | str | os.PathLike[str],
    *,
    choice: Choice | None = None,
    design: Design | None = None,
    n_jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Tested:
    """Accuracy of the net in a run or checkpoint under perturbations, and the ranks of its blocks.

    Parameters
    ----------
    path : path or Run
        Of a run (``RUN@N``: its snapshot N), judged as recorded, or of a checkpoint, whose data set ``choice`` names.
    choice : Choice, optional
        Data set, snapshot, and how many images.
    design : Design, optional
        Perturbations, scope, grid, repeats and seed.
    n_jobs : int, optional
        Threads; by default as many as there are cores. The numbers do not depend on it.
    progress : callable, optional
        Told how many copies of the net are judged, and of how many.

    Returns
    -------
    Tested

    Raises
    ------
    TypeError
        If the net, the choice or the design are given as what they cannot be.
    SparseGraphError
        If the net is no multilayer perceptron, its data are not there, or what it computes is in doubt.
    """
    design = Design() if design is None else design
    if not isinstance(design, Design):
        raise TypeError(
            "a design is a Design of sparsegraph.perturb.robustness, such as Design(n_repeats=20), not "
            f"{kind_of(design)}"
        )
    own, progress = subject(path, Choice() if choice is None else choice), told(progress)
    test = own.images.test
    threads = n_processors() if n_jobs is None else n_jobs
    found = robustness(own.network, test.images, test.labels, design=design, n_jobs=threads, progress=progress)
    ranks = rank(own.network.graph, readout=design.readout)
    # of a drawn part the run has no accuracy to compare with
    recorded = own.recorded_accuracy if len(test) == own.images.n_available else None
    return Tested(own.path, own.images.text, found, ranks, own.assumed, recorded)
