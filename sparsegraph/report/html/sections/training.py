"""Sections on trained runs: how they bear perturbations, and how their topology evolved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sparsegraph.perturb.curves import Robustness
from sparsegraph.report.html.drawing import picture
from sparsegraph.report.html.figures import Net, drawings
from sparsegraph.report.html.page import Block, Folded, Heading, Picture, Pictures, Points, Section, View, Words
from sparsegraph.report.html.panels import panels_of
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.tables import of_results
from sparsegraph.report.html.topics import IN_COURSE
from sparsegraph.report.html.wording import begin, capital, name_of, select
from sparsegraph.report.views.catalogue import sentences


def robustness_section(subjects: Sequence[Subject]) -> Section:
    """Accuracy under perturbations; or why there is none."""
    lead = "Accuracy when links are removed, weights shuffled or noise added, without any training afterwards."
    content: list[Block] = []
    shown = tuple(_curves(subjects))
    if shown:
        content.append(Pictures(shown))
    reasons = dict.fromkeys(one.why_no_robustness for one in subjects if one.why_no_robustness)
    content.extend(Words(reason, "note") for reason in reasons)
    return Section("robustness", "Robustness", lead, tuple(content))


def _curves(subjects: Sequence[Subject]) -> Iterator[Picture]:
    """All curves of one net; of several a panel a perturbation."""
    from sparsegraph.plotting.robustness import plot_comparison, plot_robustness

    found = {one.name: one.robustness for one in subjects if one.robustness is not None}
    if not found:
        return
    told = "; ".join(
        f"areas under the curves{f' of {name}' if len(found) > 1 else ''}: {_areas(one)}" for name, one in found.items()
    )
    first = next(iter(found.values()))
    yield picture(
        (lambda: plot_robustness(first)) if len(found) == 1 else (lambda: plot_comparison(found)[0]),
        name="robustness",
        alt=f"Accuracy falling with the strength of each perturbation. {told}.",
        caption=f"Accuracy under perturbations, {first.n_samples:,} test images; {told}. {capital(first.readout)}.",
    )


def _areas(found: Robustness) -> str:
    return ", ".join(f"{curve.perturbation} {curve.area.mean:.3f}" for curve in found.curves)


MOST_VIEWS = 3
"""Interactive drawings of a page: each is half a megabyte."""


def _views(subjects: Sequence[Subject]) -> Iterator[View]:
    """The links of each run as they come and go."""
    from sparsegraph.interactive.html import fragment

    shown = [one for one in subjects if one.scene is not None][:MOST_VIEWS]
    for i, one in enumerate(shown):
        if one.scene is None:
            continue
        caption = (
            f"{begin(one.name, subjects)}The net over its training: neurons by layer, the most connected on top, and a "
            "sample of the links; green: regrown by the last update; pale: on no input-output path."
        )
        yield View(*fragment(one.scene, name=f"view{i}"), caption)


def evolution_section(subjects: Sequence[Subject]) -> Iterator[Section]:
    """How the topology evolved, for runs."""
    content = tuple(_evolution(subjects))
    if content:
        yield Section("evolution", "Evolution", "How the net came to be what it is, over its training.", content)


def _evolution(subjects: Sequence[Subject]) -> Iterator[Block]:
    panels = panels_of(subjects)
    if panels is not None:
        yield panels
    yield from _views(subjects)
    nets = [Net(one.name, one.report.trajectory) for one in subjects if one.report.trajectory]
    shown = tuple(drawings(nets, IN_COURSE, name="evolution"))
    if shown:
        yield Pictures(shown)
    for one in subjects:
        results = select(one.report.trajectory, IN_COURSE)
        if not results:
            continue
        if len(subjects) > 1:
            yield Heading(one.name)
        yield Points(tuple(map(capital, sentences(results))))
        if len(subjects) > 1:
            yield Folded("Tables", of_results(results))
        else:
            yield from (Folded(name_of(name), of_results({name: result})) for name, result in results.items())
