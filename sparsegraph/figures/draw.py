"""A figure on the disk: pictures, the data behind them, a caption, and a line in the manifest."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

from sparsegraph.errors import SparseGraphError
from sparsegraph.figures.caption import caption, scale_of
from sparsegraph.figures.catalogue import FIGURES, ids
from sparsegraph.figures.figure import Drawn, Figure
from sparsegraph.figures.material import Material
from sparsegraph.io.atomic import atomic_write
from sparsegraph.plotting.style import Format, save_canvas
from sparsegraph.provenance import versions

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Written:
    """A figure that was drawn.

    Parameters
    ----------
    figure : Figure
    paths : tuple of Path
        Pictures first, then the data and the caption.
    caption : str
    """

    figure: Figure
    paths: tuple[Path, ...]
    caption: str


def why_not(name: str, material: Material) -> str | None:
    """Why a figure cannot be drawn from this material, in words that follow its id; None if it can.

    Raises
    ------
    UnknownNameError
        If there is no figure of that id.
    """
    figure = FIGURES[name]
    if figure.impossible:
        return f"cannot be drawn here: {figure.impossible}"
    if figure.needs.missing(_alike(figure, figure.needs.usable(material))) is None:
        return None
    return figure.needs.missing(_alike(figure, material)) or figure.needs.bare(material)


def check_drawable(name: str, material: Material) -> None:
    """Refuse a figure that cannot be drawn from this material, before any work.

    Raises
    ------
    UnknownNameError
        If there is no figure of that id.
    SparseGraphError
        Says what is missing, and which runs were given and are left out.
    """
    if reason := why_not(name, material):
        left_out = material.cohorts.left_out_words
        raise SparseGraphError(f"{name} {reason}" + (f"; of those given {left_out} are left out" if left_out else ""))


def draw_figure(name: str, material: Material) -> Drawn:
    """Draw one figure in memory.

    Parameters
    ----------
    name : str
        Id of the figure, see ``sparsegraph figure --list``.
    material : Material

    Returns
    -------
    Drawn

    Raises
    ------
    UnknownNameError
        If there is none of that id.
    SparseGraphError
        If it cannot be drawn, or the runs do not suffice; says what is missing.
    """
    figure = FIGURES[name]
    check_drawable(name, material)
    assert figure.draw is not None
    material.progress(f"drawing {name}")
    return figure.draw(_alike(figure, figure.needs.usable(material)))


def _alike(figure: Figure, material: Material) -> Material:
    """With runs of lengths that can stand side by side in this figure."""
    return replace(material, cohorts=material.cohorts.alike(figure.needs.compares))


def write_figure(
    name: str, material: Material, folder: Path, *, formats: Sequence[str] = ("svg", "png"), command: str = ""
) -> Written:
    """Draw one figure and write pictures, data (CSV) and caption (Markdown) into a folder, with a line in its manifest.

    Parameters
    ----------
    name : str
    material : Material
    folder : Path
        Must exist.
    formats : sequence of {"svg", "pdf", "png"}
    command : str
        That the manifest names.

    Returns
    -------
    Written

    Raises
    ------
    SparseGraphError
        See :func:`draw_figure`; and if a format is unknown, or the folder's manifest cannot be read: then nothing is
        drawn, and the manifest stays as it is.
    """
    for kind in formats:
        if kind not in get_args(Format):
            raise SparseGraphError(f"there is no format {kind!r}; known are: {', '.join(get_args(Format))}")
    _noted(folder / MANIFEST)
    figure, drawn = FIGURES[name], draw_figure(name, material)
    paths = [_write_picture(drawn, folder / f"{name}.{kind}", kind) for kind in formats]
    paths += [_write_extra(extra, folder / f"{name}{suffix}") for suffix, extra in drawn.extras.items()]
    with atomic_write(folder / f"{name}.csv") as temporary:
        drawn.data.to_csv(temporary, index=False, float_format="%.6g")
    told = caption(figure, drawn, figure.needs.usable(material))
    _write_text(folder / f"{name}.md", told)
    _note(folder, name, drawn, material, command)
    return Written(figure, (*paths, folder / f"{name}.csv", folder / f"{name}.md"), told)


def write_family(
    family: str, material: Material, folder: Path, *, command: str = ""
) -> Iterator[tuple[str, str | None]]:
    """Draw all figures of a family that the runs suffice for.

    Parameters
    ----------
    family : str
        What their ids begin with, such as "survival".
    material : Material
    folder : Path
        Made if it is missing.
    command : str
        That the manifest names.

    Yields
    ------
    (str, str or None)
        The id, and why it was not drawn.

    Raises
    ------
    SparseGraphError
        If the folder's manifest cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _noted(folder / MANIFEST)
    for name in ids():
        if name.startswith(f"{family}-"):
            reason = why_not(name, material)
            if reason is None:
                try:
                    write_figure(name, material, folder, command=command)
                except SparseGraphError as error:  # only the drawing finds out; the others go on
                    reason = str(error)
            yield name, reason


def _write_picture(drawn: Drawn, path: Path, kind: str) -> Path:
    with atomic_write(path) as temporary:
        save_canvas(drawn.canvas, temporary, kind=kind)
    return path


def _write_extra(extra: Any, path: Path) -> Path:
    extra(path)
    return path


def _write_text(path: Path, text: str) -> None:
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def _note(folder: Path, name: str, drawn: Drawn, material: Material, command: str) -> None:
    """Enter a figure into the manifest, in the place of its former entry."""
    path = folder / MANIFEST
    known = _noted(path)
    known[name] = {
        "command": command or f"sparsegraph figure {name} RUN... -o DIR",
        "scale": scale_of(drawn.cohorts),
        "runs": [run.path.name for cohort in drawn.cohorts for run in cohort.runs],
        "seed": material.seed,
        "every": material.every,
        "date": date.today().isoformat(),
        "versions": versions(),
        "machine": f"{platform.machine()}, {os.cpu_count()} processors, {platform.system()}",
    }
    _write_text(path, json.dumps(dict(sorted(known.items())), indent=1) + "\n")


def _noted(path: Path) -> dict[str, Any]:
    """The entries of a manifest; none where there is no file.

    Raises
    ------
    SparseGraphError
        If the file cannot be read, or is no JSON object: writing anew would lose what it says of other figures.
    """
    try:
        known: Any = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
    except (ValueError, RecursionError):
        found = "is damaged"
    else:
        if isinstance(known, dict):
            return known
        found = "holds something else"
    raise SparseGraphError(
        f"{path}: {found}; expected a JSON object with an entry for each figure: put it back from a copy, or move it "
        "away to begin a new one"
    )
