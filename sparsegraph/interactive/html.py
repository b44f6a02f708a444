"""A scene as HTML: one fragment with its style, its data and its script, which asks nobody for anything."""

from __future__ import annotations

import base64
import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from sparsegraph.interactive.scene import Frame, Scene
from sparsegraph.plotting.palette import LAYERS

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>body{{margin:0;padding:.5rem;font-family:system-ui,sans-serif}}
@media (prefers-color-scheme:dark){{body{{background:#16181d}}}}</style></head><body>{fragment}</body></html>
"""


def page(scene: Scene, *, title: str = "sparsegraph") -> str:
    """A complete page."""
    return _PAGE.format(title=escape(title), fragment=fragment(scene, name="view").markup)


class Fragment(NamedTuple):
    """A part of a page, and the text of the script in it: a page that runs no others allows this one by its hash."""

    markup: str
    script: str


def fragment(scene: Scene, *, name: str) -> Fragment:
    """A part of a page.

    Parameters
    ----------
    scene : Scene
    name : str
        Of letters and digits, its own in the page.
    """
    if not name.isidentifier():
        raise ValueError(f"{name!r}: letters, digits and underscores are needed")
    script = f'{_asset("view.js")}("{name}");'
    markup = (
        f'<div class="sgview" id="{name}"><style>{_asset("view.css")}</style>{_body(scene)}'
        f'<script type="application/json">{json_in_html(_data(scene))}</script><script>{script}</script></div>'
    )
    return Fragment(markup, script)


def json_in_html(value: Any) -> str:
    """JSON that ends no script, whatever names are in it.

    Examples
    --------
    >>> print(json_in_html({"name": "</script>"}))
    {"name":"\\u003c/script\\u003e"}
    """
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


@cache
def _asset(name: str) -> str:
    return (files("sparsegraph.interactive") / name).read_text(encoding="utf-8").strip()


def _body(scene: Scene) -> str:
    legend = "".join(
        f'<span><i style="background:{LAYERS[i % len(LAYERS)]}"></i>{escape(name)} ({size:,})</span>'
        for i, (name, size) in enumerate(scene.layers)
    )
    if any(frame.fresh.any() for frame in scene.frames):
        legend += '<span class="sgfresh"><i></i>regrown by the last update</span>'
    several = len(scene.frames) > 1
    slider = (
        f'<div class="sgtime"><button type="button" class="sgplay" aria-label="Play">&#9654;</button>'
        f'<input type="range" min="0" max="{len(scene.frames) - 1}" value="{len(scene.frames) - 1}" '
        f'aria-label="Snapshot"><output></output></div>'
        if several
        else ""
    )
    toggle = (
        "" if scene.disk is None else '<button type="button" class="sgtoggle" aria-pressed="false">Show disk</button>'
    )
    words = f"{len(scene.layers)} layers, {sum(size for _, size in scene.layers):,} neurons"
    return (
        f'<div class="sgbar">{toggle}<div class="sglegend">{legend}</div></div>'
        f'<canvas tabindex="0" role="img" aria-label="Drawing of a net: {words}. Arrow keys go from neuron to neuron, '
        f'plus and minus zoom."></canvas><p class="sgtold" aria-live="polite"></p>{slider}'
        f'<p class="sgnote">{escape("; ".join(scene.notes))}.</p>'
    )


def _data(scene: Scene) -> dict[str, Any]:
    disk = None if scene.disk is None else [[_round(x), _round(y)] for x, y in scene.disk]
    return {
        "names": [name for name, _ in scene.layers],
        "colours": [LAYERS[i % len(LAYERS)] for i in range(len(scene.layers))],
        "layer": scene.layer.tolist(),
        "index": scene.index.tolist(),
        "height": [round(float(value), 4) for value in scene.height],
        "disk": disk,
        "in": scene.degree_in.tolist(),
        "out": scene.degree_out.tolist(),
        "shell": scene.shell.tolist(),
        "frames": [_frame(frame) for frame in scene.frames],
    }


def _frame(frame: Frame) -> dict[str, Any]:
    return {
        "title": frame.title,
        "active": _code(np.packbits(frame.active, bitorder="little")),
        "links": _code(frame.links.astype("<u2").ravel()),
        "fresh": _code(np.packbits(frame.fresh, bitorder="little")),
    }


def _code(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()


def _round(value: float) -> float | None:
    return round(float(value), 4) if np.isfinite(value) else None
