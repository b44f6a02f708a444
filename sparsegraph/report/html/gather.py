"""The work behind a page: every path analysed, compared with a null model, followed and put to the test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from os import PathLike, fspath
from pathlib import Path

from sparsegraph.errors import SparseGraphError
from sparsegraph.interactive.scene import Scene, scene_of_trajectory
from sparsegraph.io.runs.layout import is_run
from sparsegraph.io.runs.run import open_run
from sparsegraph.measures.catalogue import check_options
from sparsegraph.perturb.curves import Robustness
from sparsegraph.report.analysis import Report, Settings, analyze
from sparsegraph.report.comparison import shortest_names
from sparsegraph.report.html.course import course_of
from sparsegraph.report.html.subject import Subject

Progress = Callable[[str, str], None]
"""Told the name of a net, and in words what is done to it."""

LEFT_OUT = ("structural_consistency",)
"""Measures that are not taken unless they are named: they cost more than all others together."""
COMPARED = ("path_length", "credit_paths", "modularity")
"""Measures that are compared with draws of a null model without being asked: the cheap ones."""
NULL, N_NULL = "degree", 30
"""The default null model and its draws."""
MOST_SEARCHED, N_RUNS = 50_000, 2
"""Links up to which communities are searched for in each draw as in the network; in larger nets both are searched once
more, in so few runs."""
MOST_LINKS = 200_000
"""Larger nets are compared with a null model on request only."""


@dataclass(frozen=True)
class Choices:
    """What the user chose of a page.

    Parameters
    ----------
    settings : Settings
        Of the analysis.  Without measures, all but those of ``LEFT_OUT`` are taken; without null models, the cheap
        measures are compared with a few draws of ``NULL``.
    n_null : int, optional
        Draws of that default null model, instead of ``N_NULL``.
    data_dir : path, optional
        Where data sets lie.
    perturbed : bool
        Whether runs are put to the test however large they are; small ones are wherever their data are found.
    judged : bool
        Whether the papers' findings are judged on the runs.
    quick : bool
        Neither null models that were not asked for, nor measures over the snapshots, nor perturbations.
    """

    settings: Settings = field(default_factory=Settings)
    n_null: int | None = None
    data_dir: str | PathLike[str] | None = None
    perturbed: bool = False
    judged: bool = False
    quick: bool = False


def gathered(
    paths: Sequence[str | PathLike[str]], choices: Choices, *, progress: Progress = lambda name, step: None
) -> tuple[Subject, ...]:
    """What a page tells of each path, in their order.

    Raises
    ------
    SparseGraphError
        As :func:`sparsegraph.analyze`; or if there is no path.
    """
    if not paths:
        raise SparseGraphError("a report is of at least one checkpoint or run; none was given")
    _check_findings(paths, choices)
    with_all = _settings(choices.settings, is_trained=any(is_run(Path(path)) for path in paths))
    check_options(with_all.options, with_all.entries)
    names = shortest_names([fspath(path) for path in paths])
    return tuple(
        _subject(path, name, choices, partial(progress, name)) for path, name in zip(paths, names, strict=True)
    )


def _check_findings(paths: Sequence[str | PathLike[str]], choices: Choices) -> None:
    if choices.judged and not any(is_run(Path(path)) for path in paths):
        raise SparseGraphError(
            f"{fspath(paths[0])} is no run, and findings are judged on runs; leave --findings (judged=True) out"
        )


def _subject(path: str | PathLike[str], name: str, choices: Choices, progress: Callable[[str], None]) -> Subject:
    settings = _fitting(_settings(choices.settings, is_trained=is_run(Path(path))))
    found = _compared(Subject(name, analyze(path, settings, progress=progress)), path, choices, progress)
    report = found.report
    if not is_run(Path(path)):
        return replace(found, why_no_robustness=_OF_CHECKPOINT)
    if not choices.quick and settings.scope == "graph":
        final = {} if settings.percolated else report.results
        course = course_of(Path(path), settings, final=final, progress=progress)
        found = replace(found, course=course, scene=_scene(path, settings.seed, progress))
    robustness, why = _robustness(path, _n_links(report), choices, progress)
    return replace(found, robustness=robustness, why_no_robustness=why)


def _scene(path: str | PathLike[str], seed: int, progress: Callable[[str], None]) -> Scene | None:
    """What the interactive drawing shows; None for a run with fewer than two topology snapshots."""
    run = open_run(path)
    return scene_of_trajectory(run.topology_and_final, seed=seed, progress=progress) if len(run.topology) > 1 else None


def _settings(settings: Settings, *, is_trained: bool) -> Settings:
    """The measures to take: those asked for, or all that take no longer than the page may."""
    if settings.measures:
        return settings
    names = [name for name in settings.names if name not in LEFT_OUT]
    return replace(settings, measures=(*names, *(settings.trajectory_names if is_trained else ())))


def _fitting(settings: Settings) -> Settings:
    """With those options only that a measure has: of several nets and tables of a page not all know each."""
    known = {option for entry in settings.entries for option in entry.options}
    return replace(settings, options={name: value for name, value in settings.options.items() if name in known})


def _compared(
    subject: Subject, path: str | PathLike[str], choices: Choices, progress: Callable[[str], None]
) -> Subject:
    """The subject with the default null model where none was asked for; or why not."""
    report = subject.report
    settings, n_links = report.settings, _n_links(report)
    measured = tuple(name for name in COMPARED if name in report.results)
    if settings.nulls:
        return subject
    if settings.scope != "graph" or not measured:
        why = "None of what was measured is compared with a null model unless one is named: --null degree."
        return replace(subject, why_no_null=why)
    if choices.quick:
        return replace(subject, why_no_null="Null models were left out (--fast).")
    if n_links > MOST_LINKS:
        why = f"Nets of more than {MOST_LINKS:,} links are compared with null models on request only: --null degree."
        return replace(subject, why_no_null=why)
    is_lighter = n_links > MOST_SEARCHED and "modularity" in measured and "n_runs" not in settings.options
    options = {**settings.options, "n_runs": N_RUNS} if is_lighter else settings.options
    n_null = N_NULL if choices.n_null is None else choices.n_null
    asked = replace(settings, measures=measured, options=options, nulls=(NULL,), n_null=n_null, images=None)
    found = analyze(path, _fitting(asked), progress=progress)
    part = replace(report.parts[0], significance=found.significance)
    return replace(
        subject,
        report=replace(report, parts=(part, *report.parts[1:])),
        n_null_runs=N_RUNS if is_lighter else None,
    )


def _n_links(report: Report) -> int:
    return sum(block.n_links for block in report.parts[0].outline.blocks)


_OF_CHECKPOINT = (
    "A checkpoint does not say on which data it is to be judged; put it to the test with: "
    "sparsegraph perturb FILE --data NAME"
)
_ON_REQUEST = "Left out here; with --perturb the run is judged on its own test data under five perturbations."


def _robustness(
    path: str | PathLike[str], n_links: int, choices: Choices, progress: Callable[[str], None]
) -> tuple[Robustness | None, str]:
    from sparsegraph.perturb.kept import kept_robustness
    from sparsegraph.perturb.robustness import Design

    settings = choices.settings
    if not choices.perturbed and (choices.quick or settings.measures or n_links > MOST_LINKS):
        return None, _ON_REQUEST
    try:
        found = kept_robustness(
            path,
            design=Design(readout=settings.readout, seed=settings.seed),
            data_dir=choices.data_dir,
            n_jobs=settings.n_jobs,
            progress=lambda done, total: progress(f"perturbed nets judged: {done} of {total}"),
        )
    except SparseGraphError as error:
        return None, f"The run could not be put to the test: {error}"
    return found, ""
