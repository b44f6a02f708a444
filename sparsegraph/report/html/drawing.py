"""Drawings within a page: small SVG with text as text, or pixels where the SVG would be large."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from sparsegraph.report.html.page import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGEST_SVG = 150_000
"""Letters of an SVG beyond which pixels are smaller."""
N_COLOURS = 128
PIXELS_PER_INCH = 116.0
"""On the screen: letters of 7 points are then 11 pixels high."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"
_LONG = re.compile(r"-?\d+\.\d{3,}")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def picture(draw: Callable[[], Axes], *, name: str, alt: str, caption: str) -> Picture:
    """What ``draw`` draws, as a picture of the page.

    Parameters
    ----------
    draw : callable
        Gives the axes of a new figure.
    name : str
        Unique in the page: letters, digits and hyphens; begins the names of all elements within.
    alt, caption : str

    Notes
    -----
    Names of layers that are no formula though they hold dollar signs are drawn as they are.
    """
    import matplotlib as mpl

    from sparsegraph.plotting.style import STYLE

    try:
        figure, svg = _drawn(draw, name, STYLE)
    except ValueError:
        figure, svg = _drawn(draw, name, STYLE | {"text.parse_math": False})
    with mpl.rc_context(STYLE):
        markup = svg if len(svg) <= LARGEST_SVG else _pixels(figure)
    return Picture(markup, alt, caption, round(figure.get_figwidth() * PIXELS_PER_INCH))


def _drawn(draw: Callable[[], Axes], name: str, style: Any) -> tuple[Figure, str]:
    import matplotlib as mpl

    buffer = io.StringIO()
    with mpl.rc_context(style):
        figure = draw().get_figure(root=True)
        assert figure is not None
        figure.savefig(buffer, format="svg", dpi=150, metadata={"Date": None})
    return figure, inline(buffer.getvalue(), name)


def _pixels(figure: Figure) -> str:
    """The figure as an image of few colours: drawings have no more, and a third of the size is left."""
    from PIL import Image

    buffer, small = io.BytesIO(), io.BytesIO()
    figure.savefig(buffer, format="png", dpi=200)
    with Image.open(buffer) as image:
        image.convert("RGB").quantize(N_COLOURS, dither=Image.Dither.NONE).save(small, format="png", optimize=True)
    coded = base64.b64encode(small.getvalue()).decode("ascii")
    return f'<img src="data:image/png;base64,{coded}" alt="">'


def inline(svg: str, name: str) -> str:
    """An SVG document as an element of a page: names of its own, no metadata, coordinates to a hundredth.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg"><use href="#a"/><g id="a"/></svg>'
    >>> inline(svg, "f1").partition(">")[2]
    '<use href="#f1-a" /><g id="f1-a" /></svg>'
    """
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    for element in root.iter():
        for key, value in list(element.attrib.items()):
            element.set(key, _attribute(key, value, name))
    for key in ("width", "height"):
        root.attrib.pop(key, None)
    root.set("aria-hidden", "true")
    root.set("focusable", "false")
    return re.sub(r">\s*\n\s*<", "><", ElementTree.tostring(root, encoding="unicode"))


def _attribute(key: str, value: str, name: str) -> str:
    plain = key.rpartition("}")[2]
    if plain == "id":
        return f"{name}-{value}"
    if plain == "href" and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    if plain == "href":
        return value
    value = _REFERENCE.sub(lambda found: f"url(#{name}-{found[1]})", value)
    if plain == "style":
        value = re.sub(r"(font:[^;]*?px) [^;]*", rf"\1 {_FONT}", value)
        value = re.sub(r"font-family:[^;]*", f"font-family: {_FONT}", value)
    return _LONG.sub(lambda found: f"{float(found[0]):.2f}", value)
