"""What a page tells of one net: its report, and of a run its course and how it bears perturbations."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.interactive.scene import Scene
from sparsegraph.perturb.curves import Robustness
from sparsegraph.report.analysis import Report
from sparsegraph.report.html.course import Course


@dataclass(frozen=True)
class Subject:
    """One net of the page.

    Parameters
    ----------
    name : str
        As much of its path as tells it from the others.
    report : Report
    course : Course, optional
        Of a run.
    scene : Scene, optional
        What its interactive drawing shows.
    robustness : Robustness, optional
    n_null_runs : int, optional
        Runs of the search for communities in the network and in each draw of the null model, where they are fewer than
        those of the report's modularity.
    why_no_robustness, why_no_null : str
        Why a part is missing and how to get it, in a sentence; empty where it is there.
    """

    name: str
    report: Report
    course: Course | None = None
    scene: Scene | None = None
    robustness: Robustness | None = None
    n_null_runs: int | None = None
    why_no_robustness: str = ""
    why_no_null: str = ""
