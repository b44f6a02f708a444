"""One colour for each method, in all figures, reports and notebooks."""

from __future__ import annotations

from sparsegraph.papers.methods import stem_of
from sparsegraph.plotting.style import INK

COLOURS = {
    "dense": INK,
    "dense-pruned": "#7a7a7a",
    "ch3l3": "#009e73",
    "esml": "#009e73",
    "cht": "#009e73",
    "ch3l3-no-cr": "#7fc9b0",
    "chts": "#00513b",
    "rlr": "#0072b2",
    "set": "#0072b2",
    "random": "#0072b2",
    "rlr-cr": "#7fb4d6",
    "rigl": "#d55e00",
    "gradient": "#d55e00",
    "momentum": "#a64d79",
    "snfs": "#a64d79",
    "mest": "#e69f00",
    "static": "#8c6d31",
    "sst": "#8c6d31",
}
"""Families by hue, after Okabe and Ito: CH3-L3 green, random blue, gradient vermilion, momentum purple, MEST orange."""

OTHERS = ("#56b4e9", "#8c6d31", "#cc79a7", "#5b5ea6", "#b5b02c", "#999999")
"""For methods of one's own, in their order."""

LAYERS = ("#e69f00", "#0072b2", "#009e73", "#cc79a7", "#56b4e9", "#d55e00")
"""For layers, in their order."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">")
"""For readers who cannot tell the colours, in the order of the methods in a figure."""


def colour_of(method: str, place: int = 0) -> str:
    """Colour of a method; of one of one's own, the one of its place among such.

    Examples
    --------
    >>> colour_of("cht-2x") == colour_of("esml")
    True
    """
    return COLOURS.get(stem_of(method), OTHERS[place % len(OTHERS)])
