"""The papers' findings judged on runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from sparsegraph.arguments import kind_of, names_of, seed_of, told, whole
from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.plan import several
from sparsegraph.findings.asked import without_unasked
from sparsegraph.findings.catalogue import FINDINGS, all_claims, ids
from sparsegraph.findings.claim import Claim, Finding
from sparsegraph.findings.evidence import ENOUGH_SEEDS, Evidence, evidence_of
from sparsegraph.findings.judging import judged, told_of
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.samples import samples_at_full_length, samples_of
from sparsegraph.findings.verdict import Part, Verdict, Word
from sparsegraph.findings.wording import sentence_of
from sparsegraph.io.runs.listing import runs_in
from sparsegraph.io.runs.run import Run

Runs = Run | str | PathLike[str] | Iterable[Run | str | PathLike[str]] | Evidence


def findings_of(
    runs: Runs = (),
    *,
    only: str | Sequence[str] | None = None,
    data_dir: str | PathLike[str] | None = None,
    seed: int = 0,
    n_jobs: int = 1,
    progress: Callable[[str], None] | None = None,
) -> tuple[Verdict, ...]:
    """What runs say of the papers' findings.

    Parameters
    ----------
    runs : path, Run, or several of them
        Folders of runs, or of several, or :func:`evidence_in` these; without any, findings about generators are judged
        and all others are not run.
    only : str or sequence of str, optional
        One id, or several, such as "F05"; by default all.
    data_dir : path, optional
        Where data sets lie; by default ``SPARSEGRAPH_DATA``.
    seed : int
        Of everything random in measuring.
    n_jobs : int
        Processes to measure in.
    progress : callable, optional
        Told in words what is done next.

    Returns
    -------
    tuple of Verdict
        In the order of the ids.

    Raises
    ------
    TypeError
        If runs or ids are given as what they cannot be.
    UnknownNameError
        If there is no finding of an id.
    DataError
        If the seed is no whole number from 0, or the processes none from 1.
    SparseGraphError
        If a folder holds no run or a run cannot be opened.

    Notes
    -----
    Numbers over snapshots and robustness come from the cache of :func:`sparsegraph.follow`: the second time is fast.
    What each word needs is told in :mod:`sparsegraph.findings.judging`.

    Examples
    --------
    >>> import sparsegraph
    >>> for verdict in sparsegraph.findings_of("runs/", only=["F05", "F11"]):  # doctest: +SKIP
    ...     print(verdict.finding.id, verdict.label, verdict.sentence)
    """
    wanted = [FINDINGS[name] for name in (ids() if only is None else names_of(only, "findings"))]
    n_jobs = whole("n_jobs", n_jobs, least=1, of="processes")
    folder = None if data_dir is None else Path(data_dir)
    laboratory = Laboratory(folder, seed_of(seed), n_jobs, progress=told(progress))
    evidence = evidence_in(runs)
    return tuple(verdict_on(finding, evidence, laboratory) for finding in dict.fromkeys(wanted))


def evidence_in(runs: Runs) -> Evidence:
    """The finished runs in these folders that a finding asks for, and which were left out and why.

    Raises
    ------
    TypeError
        If they are no runs and no paths.
    SparseGraphError
        If a folder holds no run or a run cannot be opened.
    """
    if isinstance(runs, Evidence):
        return runs
    given = several(runs)
    for one in given:
        if not isinstance(one, Run | str | PathLike):
            raise TypeError(f"a run, or the path of a folder of runs, is expected, not {kind_of(one)}")
    found = evidence_of(run for one in given for run in ([one] if isinstance(one, Run) else runs_in(Path(one))))
    return without_unasked(found, all_claims())


def verdict_on(finding: Finding, evidence: Evidence, laboratory: Laboratory) -> Verdict:
    """One finding judged.

    Parameters
    ----------
    finding : Finding
    evidence : Evidence
    laboratory : Laboratory
    """
    laboratory.progress(finding.id)
    parts = tuple(_part(claim, evidence, laboratory, finding) for claim in finding.claims)
    counting = [part for part in parts if part.counts]
    word = verdict_from(counting)
    seeds = [part.n_seeds for part in counting if part.value is not None]
    indicative = word == "inconclusive" and bool(seeds) and max(seeds) < ENOUGH_SEEDS
    verdict = Verdict(finding, word, parts, "", indicative)
    return replace(verdict, sentence=sentence_of(verdict))


def verdict_from(parts: Sequence[Part]) -> Word:
    """The word for a finding from those for its parts: all must be supported, one contradicted contradicts."""
    words = {part.verdict for part in parts}
    if not words or words == {"not run"}:
        return "not run"
    if "contradicted" in words:
        return "contradicted"
    return "supported" if words == {"supported"} else "inconclusive"


def _part(claim: Claim, evidence: Evidence, laboratory: Laboratory, finding: Finding) -> Part:
    if finding.impossible:
        return replace(judged(claim, ()), reason=finding.impossible)
    try:
        samples = samples_of(claim, evidence, laboratory)
        others = samples_at_full_length(claim, evidence, laboratory)
    except SparseGraphError as error:  # a data set that is not there, a run without weights: the others are judged
        return replace(judged(claim, ()), reason=" ".join(str(error).split()))
    part = judged(claim, samples, n_claims=sum(one.counts for one in finding.claims) if claim.counts else 1)
    told = told_of(claim, others) if others else ""
    return replace(part, notes=(*part.notes, told)) if told else part


def rows_of(verdicts: Iterable[Verdict]) -> list[dict[str, Any]]:
    """Plain rows for a table, one a finding."""
    return [verdict.row() for verdict in verdicts]
