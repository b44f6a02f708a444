"""The papers' findings judged on the runs of a page: those only that are about these runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path

from sparsegraph.findings.verdict import Verdict
from sparsegraph.io.runs.layout import is_run
from sparsegraph.report.html.gather import Choices, Progress


@dataclass(frozen=True)
class Judgement:
    """What was found.

    Parameters
    ----------
    verdicts : tuple of Verdict
        On the findings that a run of the page is asked for; of these some may lack other runs.
    left_out : tuple of (str, str)
        Paths of runs that say nothing, and why.
    """

    verdicts: tuple[Verdict, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def judgement_on(
    paths: Sequence[str | PathLike[str]], choices: Choices, *, progress: Progress = lambda name, step: None
) -> Judgement | None:
    """What the runs among the paths say of the papers' findings; None unless that was asked for."""
    from sparsegraph.findings.asked import is_about
    from sparsegraph.findings.catalogue import FINDINGS, ids
    from sparsegraph.findings.judge import evidence_in, findings_of

    if not choices.judged:
        return None
    evidence = evidence_in([path for path in paths if is_run(Path(path))])
    about = [
        name
        for name in ids()
        if any(is_about(claim, member) for claim in FINDINGS[name].claims for member in evidence.members)
    ]
    verdicts = findings_of(
        evidence,
        only=about,
        data_dir=choices.data_dir,
        seed=choices.settings.seed,
        n_jobs=choices.settings.n_jobs,
        progress=partial(progress, "findings"),
    )
    return Judgement(verdicts, evidence.left_out)
