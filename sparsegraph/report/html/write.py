"""From a page to a file: Jinja2 templates with every word escaped, one style sheet, one small script, no request."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from os import PathLike
from pathlib import Path

from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.report.html.axes import EDGES
from sparsegraph.report.html.build import page_of
from sparsegraph.report.html.gather import Choices, Progress, gathered
from sparsegraph.report.html.judgement import judgement_on
from sparsegraph.report.html.page import Download, Page, View

ENDINGS = (".html", ".htm")


def check_output(path: Path) -> None:
    """Refuse an output that cannot be written, before any work is done; see :mod:`sparsegraph.io.outputs`."""
    outputs.check_output(path, ENDINGS)


def write_report(
    paths: str | PathLike[str] | Sequence[str | PathLike[str]],
    output: str | PathLike[str],
    choices: Choices | None = None,
    *,
    progress: Progress = lambda name, step: None,
) -> Path:
    """Report of checkpoints or runs, as one HTML file that needs nothing else and fetches nothing.

    Parameters
    ----------
    paths : path, or sequence of paths
        Checkpoints and runs; several are set side by side.
    output : path
        Ends in ``.html``; an existing file is replaced at once or not at all.
    choices : Choices, optional
        Measures, null models, seed and conventions; and whether runs are put to the test.
    progress : callable
        Told the name of a net, and in words what is done to it.

    Returns
    -------
    Path
        Of the file.

    Raises
    ------
    SparseGraphError
        If the output cannot be written, which is asked first, or a path cannot be analysed.

    Examples
    --------
    >>> write_report("runs/chts", "report.html")  # doctest: +SKIP
    """
    place = Path(output)
    check_output(place)
    given = [paths] if isinstance(paths, str | PathLike) else list(paths)
    chosen = choices or Choices()
    subjects = gathered(given, chosen, progress=progress)
    text = html_of(page_of(subjects, judgement_on(given, chosen, progress=progress)))
    with atomic_write(place) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return place


def html_of(page: Page) -> str:
    """The page as one HTML document."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sparsegraph.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"data_uri": data_uri, "pieces": pieces}
    environment.globals["edges"] = EDGES
    script, style = _part("script.js"), _part("style.css")
    own = [script, *(block.script for section in page.sections for block in section.content if isinstance(block, View))]
    return environment.get_template("page.html").render(
        page=page, script=script, style=style, scripts=" ".join(map(_digest, dict.fromkeys(own)))
    )


def data_uri(file: Download) -> str:
    """A file as an address that holds it."""
    coded = base64.b64encode(file.text.encode()).decode("ascii")
    return f"data:{file.media};charset=utf-8;base64,{coded}"


def pieces(name: str) -> list[str]:
    """A name, cut where a line may break.

    Examples
    --------
    >>> pieces("runs/cht_mnist-0")
    ['runs/', 'cht_', 'mnist-', '0']
    """
    return re.findall(r"[^_/-]*[_/-]|[^_/-]+", name)


def _part(name: str) -> str:
    return (files("sparsegraph.report.html") / "templates" / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    """By which a script of the page's own may run, and no other."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii") + "'"
