"""Panels over the training of runs: numbers by epoch with a cursor, and distributions as they were at each moment."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sparsegraph.report.html.axes import across, at_least, polyline, upwards, widened
from sparsegraph.report.html.course import Course, Moment
from sparsegraph.report.html.page import Line, Panel, Panels
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.numbers import percent, significant

MOST_POINTS = 48
"""Of a distribution: more cannot be told apart in a panel."""
_DASHES = ("", "6 3", "2 2", "8 3 2 3")


class Told(NamedTuple):
    """What a curve is called, under which convention, how its numbers are written, and where its axis ends.

    Numbers of ``most`` and more lie at the upper end of the axis.
    """

    name: str
    title: str
    note: str
    word: Callable[[float], str]
    most: float = math.inf


CURVES = (
    Told("accuracy", "Test accuracy", "as recorded; by the trainer before an update that ends the epoch", percent),
    Told("active", "Active hidden neurons (ANP)", "", percent),
    Told("alpha", "Alpha of the degrees' tail", "hidden neurons; 5 or more is no power law", significant, 5.0),
    Told("largest", "Largest degree", "hidden neurons, in links", significant),
    Told("shell", "Innermost k-shell", "whole graph, readout counted", significant),
    Told("overlap", "Overlap of regrown with removed links", "last update of the epoch, mean over blocks", percent),
)


READOUTS = {
    "auto": "dense readout left out",
    "include": "readout counted",
    "exclude": "readout left out",
    "named": "named blocks left out",
}
"""The convention of the share of active neurons, by the policy chosen."""


class _Net(NamedTuple):
    name: str
    colour: str
    dash: str
    course: Course


def panels_of(subjects: Sequence[Subject]) -> Panels | None:
    """Panels for the runs among the nets; None where nothing was followed."""
    nets = _nets(subjects)
    units = {net.course.unit for net in nets}
    if not nets or len(units) > 1:
        return None
    unit = units.pop()
    times = _times([net.course for net in nets])
    if len(times) < 2:
        return None
    shown = (*_curves(nets, times, unit), *_spreads(nets, times))
    return Panels("panels", tuple(_moment(nets, time, unit) for time in times), shown, _caption(nets, unit))


def _nets(subjects: Sequence[Subject]) -> list[_Net]:
    from sparsegraph.papers.titles import QUICK, without_family
    from sparsegraph.plotting.palette import colour_of
    from sparsegraph.plotting.style import INK

    found: list[_Net] = []
    for one in subjects:
        if one.course is None:
            continue
        profile = (one.course.method or "").partition(" ")[0].removesuffix(QUICK)
        colour = colour_of(without_family(profile), len(found))
        colour = "currentColor" if colour == INK else colour
        alike = sum(other.colour == colour for other in found)
        found.append(_Net(one.name, colour, _DASHES[alike % len(_DASHES)], one.course))
    return found


def _times(courses: Sequence[Course]) -> list[float]:
    """The moments of the slider: those of the course with the most."""
    longest = max(courses, key=lambda course: (len(course.moments), course.n_snapshots))
    moments = [moment.time for moment in longest.moments]
    return sorted(set(moments or [time for curve in longest.curves.values() for time in curve.times]))


def _moment(nets: Sequence[_Net], time: float, unit: str) -> str:
    updates = {moment.update for net in nets for moment in net.course.moments if moment.time == time}
    update = updates.pop() if len(updates) == 1 else None
    return f"{unit} {time:,.0f}" + ("" if update is None else f", update {update:,}")


def _caption(nets: Sequence[_Net], unit: str) -> str:
    shares = [
        f"{len(net.course.moments)} of {net.course.n_snapshots} snapshots"
        for net in nets
        if len(net.course.moments) < net.course.n_snapshots
    ]
    sampled = f" {', '.join(dict.fromkeys(shares))} are shown." if shares else ""
    return (
        f"Move the slider, or press the arrow keys on it: the line marks the {unit}, numbers and distributions are "
        f"those of that moment. Topology is raw.{sampled}"
    )


def _curves(nets: Sequence[_Net], times: Sequence[float], unit: str) -> Iterator[Panel]:
    ends = [time for net in nets for curve in net.course.curves.values() for time in (curve.times[0], curve.times[-1])]
    x = across(min((*ends, times[0])), max((*ends, times[-1])))
    for told in CURVES:
        known = [net for net in nets if told.name in net.course.curves]
        if not known:
            continue
        every = [value for net in known for value in net.course.curves[told.name].values]
        low, high = widened([min(value, told.most) for value in every])
        y = upwards(max(low, 0.0), min(high, 1.0 if told.word is percent else told.most))
        note = told.note or READOUTS[known[0].course.readout]
        lines = []
        for net in known:
            curve = net.course.curves[told.name]
            points = polyline(map(x, curve.times), (y(min(value, told.most)) for value in curve.values))
            values = tuple(_at(curve.times, curve.values, time, told.word) for time in times)
            lines.append(Line(net.name, net.colour, net.dash, (points,), values))
        yield Panel(
            told.title,
            note,
            unit,
            x.ticks(lambda value: f"{value:,.0f}"),
            y.ticks(lambda value, told=told: _tick(value, told)),  # type: ignore[misc]
            tuple(lines),
            tuple(map(x, times)),
            f"{told.title} by {unit}; at the end "
            + ", ".join(f"{line.name} {line.values[-1]}" for line in lines)
            + f" ({note}).",
        )


def _at(times: Sequence[float], values: Sequence[float], time: float, word: Callable[[float], str]) -> str:
    """The last value known by then."""
    place = bisect_right(times, time) - 1
    return word(values[place]) if place >= 0 else ""


def _tick(value: float, told: Told) -> str:
    if value >= told.most:
        return f"{value:g} or more"
    return f"{100 * value:g} %" if told.word is percent else f"{value:,g}"


def _spreads(nets: Sequence[_Net], times: Sequence[float]) -> Iterator[Panel]:
    """Degrees and shells of hidden neurons at each moment."""
    kinds: tuple[tuple[str, str, Callable[[Moment], Sequence[tuple[int, int]]]], ...] = (
        ("Degrees at this moment", "degree k (links)", lambda moment: moment.degrees),
        ("k-shells at this moment", "shell k", lambda moment: moment.shells),
    )
    known = [net for net in nets if net.course.moments]
    for title, label, counted in kinds:
        every = [counted(moment) for net in known for moment in net.course.moments]
        largest = max((values[-1][0] for values in every if values), default=0)
        if largest < 2:
            continue
        fewest = min(1 / sum(n for _, n in values) for values in every if values)
        x, y = across(1, largest, is_log=True), upwards(fewest, 1, is_log=True)
        lines = []
        for net in known:
            found = [_moment_at(net.course.moments, time) for time in times]
            points = tuple("" if one is None else _spread(counted(one), x, y) for one in found)
            values = tuple("" if one is None else f"up to {counted(one)[-1][0]:,}" for one in found)
            lines.append(Line(net.name, net.colour, net.dash, points, values))
        yield Panel(
            title,
            "share of hidden neurons with at least k",
            label,
            x.ticks(lambda value: f"{value:,g}"),
            y.ticks(lambda value: f"{100 * value:g} %"),
            tuple(lines),
            (),
            f"{title}: share of hidden neurons with at least k, on logarithmic axes.",
        )


def _moment_at(moments: Sequence[Moment], time: float) -> Moment | None:
    place = bisect_right([moment.time for moment in moments], time) - 1
    return moments[place] if place >= 0 else None


def _spread(counted: Sequence[tuple[int, int]], x: Callable[[float], float], y: Callable[[float], float]) -> str:
    values, shares = at_least(counted)
    if values.size > MOST_POINTS:
        wanted = np.geomspace(values[0], values[-1], MOST_POINTS)
        kept = np.unique(np.clip(np.searchsorted(values, wanted), 0, values.size - 1))
        values, shares = values[kept], shares[kept]
    return polyline(map(x, values.tolist()), map(y, shares.tolist()))
