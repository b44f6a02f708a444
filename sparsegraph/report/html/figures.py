"""The drawings of results with their captions and what they show in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from sparsegraph.measures.degree import Degree
from sparsegraph.measures.powerlaw import PowerLaw
from sparsegraph.report.analysis import Part
from sparsegraph.report.html.drawing import picture
from sparsegraph.report.html.page import Picture
from sparsegraph.report.html.wording import begin, capital
from sparsegraph.report.views.catalogue import sentences
from sparsegraph.result import Result, Undefined

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ALT = {
    "kshell": "Bars by layer: share of its neurons in each k-shell, isolated neurons grey.",
    "weights": "Profiles of the weights of each block around zero.",
    "hyperbolic": "Disk of neurons coloured by layer, hubs ringed; beside it each layer by itself.",
    "input_map": "Maps of the input: links that leave each input neuron, and the first hidden layer mapped back.",
    "turnover": "Lines over updates: overlap of regrown with removed links, and shares of links moved.",
    "exploration": "Lines over updates: share of possible links ever tried, beside random regrowth.",
    "kendall": "Heat map: rank correlation of the degrees between snapshots.",
    "attachment": "Points by degree on logarithmic axes: rate at which neurons gain links, with fitted powers.",
}
CAPTIONS = {
    "kshell": "Shares of each layer's neurons by k-shell (colour); grey: isolated, shell 0.",
    "weights": "Weights of each block around zero, in medians of |w|.",
    "hyperbolic": "The hyperbolic disk: angle and radius of each neuron; colour: layer; rings: hubs; lines: a sample "
    "of the links.",
    "input_map": "Links that leave each input, and degrees of the first hidden layer mapped back to the input.",
    "turnover": "Turnover: what each update of the topology moves, and how much of it comes back at once.",
    "exploration": "Exploration: possible links tried so far (ITOP rate); dotted: as many drawn at random.",
    "kendall": "Order of the hidden neurons' degrees: Kendall's tau-b between snapshots.",
    "attachment": "Attachment: relative rate at which a pair of neurons gains a link, by degree; dotted: powers 0 and "
    "1.",
}


COMPACT = {"hyperbolic": (4.9, 3.6), "input_map": (3.5, 2.9)}
"""Results that are drawn smaller where several nets stand side by side: the disk alone, and one map."""


class Net(NamedTuple):
    """What is drawn of one net: the results that it has, what it is called, and its part for the degrees."""

    label: str
    results: Mapping[str, Result]
    part: Part | None = None


def drawings(nets: Sequence[Net], measures: Sequence[str], *, name: str) -> Iterator[Picture]:
    """The drawings of these measures, of one after the other for all nets; ``name`` begins the names of elements."""
    from sparsegraph.plotting.catalogue import can_draw

    for measure in measures:
        for i, net in enumerate(nets):
            own, before = f"{name}{i}-{re.sub('[^a-z]', '', measure)}", begin(net.label, nets)
            if measure == "powerlaw" and net.part is not None:
                yield from _tail(net.part, name=own, before=before)
            elif can_draw(net.results.get(measure)):
                yield picture(
                    _drawing(measure, net.results[measure], is_one=len(nets) == 1),
                    name=own,
                    alt=f"{before}{ALT.get(measure, f'Drawing of {measure}.')}",
                    caption=f"{before}{CAPTIONS.get(measure, measure.replace('_', ' '))}",
                )


def _drawing(measure: str, result: Result, *, is_one: bool) -> Callable[[], Axes]:
    from matplotlib.figure import Figure

    from sparsegraph.plotting.catalogue import plot

    if is_one or measure not in COMPACT:
        return lambda: plot(result)
    return lambda: plot(result, Figure(figsize=COMPACT[measure]).subplots())


def _tail(part: Part, *, name: str, before: str) -> Iterator[Picture]:
    """Degrees with the fitted tail, which takes two measures."""
    from sparsegraph.plotting.tail import plot_tail

    degree, fit = part.results.get("degree"), part.results.get("powerlaw")
    if not isinstance(degree, Degree) or not isinstance(fit, PowerLaw) or isinstance(degree.hidden, Undefined):
        return
    spread = degree.hidden.total
    told = "; ".join(sentences({"powerlaw": fit}))
    yield picture(
        lambda: plot_tail(spread, fit),
        name=name,
        alt=f"{before}Share of hidden neurons with at least k links, falling on logarithmic axes. {capital(told)}.",
        caption=f"{before}Degrees of hidden neurons, {fit.degree} links (points), and the power law fitted from xmin "
        "on (line).",
    )
