"""What nets, measures and sentences are called on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Sized

from sparsegraph.report.analysis import Part
from sparsegraph.report.html.subject import Subject
from sparsegraph.result import Result

NAMES = {
    "powerlaw": "power law",
    "kshell": "k-shells",
    "credit_paths": "input-output paths (CAP)",
    "degree": "degrees",
    "hyperbolic": "hyperbolic geometry",
}
"""What measures are called where their names are no words."""


def name_of(measure: str) -> str:
    """A measure as a title.

    Examples
    --------
    >>> name_of("kshell"), name_of("path_length")
    ('K-shells', 'Path length')
    """
    return capital(called(measure))


def called(measure: str) -> str:
    """A measure within a sentence."""
    return NAMES.get(measure, measure.replace("_", " "))


def capital(sentence: str) -> str:
    """A sentence as it begins a line."""
    return sentence[:1].upper() + sentence[1:]


def begin(label: str, nets: Sized) -> str:
    """How a caption begins: with the net where there are several."""
    return f"{label}. " if len(nets) > 1 else ""


def labelled(subjects: Sequence[Subject]) -> list[tuple[str, Part]]:
    """Every graph of the page with what it is called: the net, or a matrix of it."""
    return [
        (f"{one.name}: {part.block}" if part.block else one.name, part) for one in subjects for part in one.report.parts
    ]


def select(results: Mapping[str, Result], names: Sequence[str]) -> dict[str, Result]:
    """Results of these measures, in this order, as far as they were taken."""
    return {name: results[name] for name in names if name in results}
