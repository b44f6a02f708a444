"""HTML made from parts that are escaped unless they are HTML already."""

from __future__ import annotations

import html
from collections.abc import Iterable

STYLE = (
    ".sparsegraph{line-height:1.35}"
    ".sparsegraph table{border-collapse:collapse;margin:.2em 0;font-size:inherit}"
    ".sparsegraph table td,.sparsegraph table th{text-align:left;vertical-align:top;padding:.15em .7em .15em 0;"
    "border:0;overflow-wrap:break-word}"
    ".sparsegraph table th{font-weight:normal;opacity:.7;white-space:nowrap}"
    ".sparsegraph table td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    ".sparsegraph table.records th.number{text-align:right}"
    ".sparsegraph table.records thead th{border-bottom:1px solid rgba(128,128,128,.5)}"
    ".sparsegraph .muted{opacity:.7}"
    ".sparsegraph summary{cursor:pointer}.sparsegraph .records summary{white-space:nowrap}"
    ".sparsegraph svg{vertical-align:middle;overflow:visible}"
    ".sparsegraph ul{margin:.2em 0;padding-left:1.2em}"
)
"""Colours and letters are those of the page around it, so that light and dark notebooks need nothing of their own."""


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


Part = str | Markup | None


def element(tag: str, *parts: Part, **attributes: str | int | None) -> Markup:
    """An element; parts that are no :class:`Markup` are escaped, and None is left out.

    A trailing underscore of an attribute's name is dropped, other underscores become hyphens.

    Examples
    --------
    >>> element("td", "a < b", class_="number")
    '<td class="number">a &lt; b</td>'
    """
    named = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{html.escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Markup(f"<{tag}{named}>{joined(parts)}</{tag}>")


def joined(parts: Iterable[Part], between: str = "") -> Markup:
    """Parts one after the other, escaped where they are no HTML."""
    return Markup(html.escape(between).join(_safe(part) for part in parts if part is not None))


def muted(*parts: Part) -> Markup:
    """Secondary text."""
    return element("span", *parts, class_="muted")


def folded(summary: Part, *parts: Part) -> Markup:
    """What is seen on a click, behind its summary."""
    return element("details", element("summary", summary), *parts)


def page(*parts: Part) -> Markup:
    """The whole that a notebook shows, with its style."""
    return element("div", element("style", Markup(STYLE)), *parts, class_="sparsegraph")


def _safe(part: str) -> str:
    return part if isinstance(part, Markup) else html.escape(part)
