"""What a figure shows, of which runs, at which scale and under which conventions, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sparsegraph.evolution.cohorts import Cohort
from sparsegraph.figures.figure import Drawn, Figure
from sparsegraph.figures.material import Material
from sparsegraph.papers.data_sets import data_title


def caption(figure: Figure, drawn: Drawn, material: Material) -> str:
    """Paragraphs in Markdown: what it is, the runs behind it, their scale, data, conventions and what is left out."""
    return "\n\n".join(_paragraphs(figure, drawn, material)) + "\n"


def scale_of(cohorts: Sequence[Cohort]) -> str:
    """The scales of some cohorts, each said once: "quick: 10 of 100 epochs"."""
    return "; ".join(dict.fromkeys(cohort.scale for cohort in cohorts)) or "needs no training"


def _paragraphs(figure: Figure, drawn: Drawn, material: Material) -> Iterator[str]:
    paper = figure.source
    yield f"**{figure.id}**: {figure.shows}"
    yield f"After {paper.authors}, *{paper.title}* ({paper.where}), {figure.place}."
    yield f"Scale: {scale_of(drawn.cohorts)}."
    if drawn.cohorts:
        yield "Runs: " + "; ".join(map(_runs, drawn.cohorts)) + "."
    if absent := figure.needs.not_shown(material):
        yield f"Not all is shown: {absent}."
    if drawn.notes:
        yield " ".join(note if note.endswith(".") else f"{note}." for note in drawn.notes)
    if unlike := _of_other_length(drawn, material):
        yield f"Left out: {'; '.join(map(_runs, unlike))}: of another length than what they would stand beside."
    if drawn.cohorts and (left_out := material.cohorts.left_out_words):
        yield f"Given and not used: {left_out}."


def _of_other_length(drawn: Drawn, material: Material) -> list[Cohort]:
    """Runs of the kinds that are shown, which trained longer or less long."""
    shown = {(cohort.kind, cohort.epochs) for cohort in drawn.cohorts}
    kinds = {kind for kind, _ in shown}
    return [one for one in material.cohorts.cohorts if one.kind in kinds and (one.kind, one.epochs) not in shown]


def _runs(cohort: Cohort) -> str:
    seeds = [str(seed) for seed in cohort.seeds if seed is not None]
    told = f"seed{'s' if len(seeds) > 1 else ''} {', '.join(seeds)}" if seeds else f"{len(cohort.members)} runs"
    return f"{cohort.label} on {data_title(cohort.data or 'unknown data')} ({told}; {cohort.epochs} epochs)"
