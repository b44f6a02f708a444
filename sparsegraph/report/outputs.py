"""Views of reports as text and as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.measures.catalogue import MEASURES, known_options
from sparsegraph.measures.conventions import conventions_in_words, words_of
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.report.analysis import Comparison, Report
from sparsegraph.report.document import comparison_document, to_document
from sparsegraph.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType


View = Report | Comparison


def json_text(view: View) -> str:
    """One JSON document: a report, or a comparison of several."""
    document = to_document(view) if isinstance(view, Report) else comparison_document(view)
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def csv_text(view: View) -> str:
    """Tidy table: checkpoint, block, measure, part, field, value, and the conventions that the value depends on."""
    import pandas as pd

    frames = [
        frame.assign(checkpoint=report.source.path, block=block)
        for report in ((view,) if isinstance(view, Report) else view.reports)
        for block, frame in _frames(report)
    ]
    columns = ["checkpoint", "block", "measure", "part", "field", "value", "conventions"]
    text: str = pd.concat(frames, ignore_index=True)[columns].to_csv(index=False)
    return text


def _frames(report: Report) -> Iterator[tuple[str, pd.DataFrame]]:
    """Block and table: one for each measure, and one for each number that was compared with a null model."""
    for part in report.parts:
        block = part.block or ""
        depends = {name: _conventions(report, name, result) for name, result in part.results.items()}
        for name, result in part.results.items():
            yield block, result.to_frame().assign(measure=name, conventions=depends[name])
        for null, tested in part.significance.items():
            drawn = f"{tested.n_null} draws of seed {tested.seed}; p {tested.p}; {tested.correction}"
            for row in tested.rows:
                frame = row.to_frame()
                told = frame[~frame.field.isin(("measure", "number"))]
                yield (
                    block,
                    told.assign(
                        measure=row.measure,
                        part=f"null model {null}",
                        field=f"{row.number}." + told.field,
                        conventions=f"{depends[row.measure]}; {drawn}",
                    ),
                )
    for name, result in report.trajectory.items():
        yield "", result.to_frame().assign(measure=name, conventions=_conventions(report, name, result))


def _conventions(report: Report, name: str, result: Result) -> str:
    """Graph, seed where the measure draws, what the result says of itself, and the options."""
    settings, of_run = report.settings, name in report.trajectory
    entry = TRAJECTORY_MEASURES[name] if of_run else MEASURES[name]
    told = [
        f"links: {report.mask_origin}",
        "percolated graph" if settings.percolated and not of_run else "raw graph",
        *([f"seed {settings.seed}"] if entry.stochastic else []),
        *conventions_in_words(entry, words_of(result), known_options(entry, settings.options)),
    ]
    return "; ".join(told)


def page_text(view: View) -> str:
    """The page of the terminal as plain text, 100 columns wide."""
    from sparsegraph.report.console import plain_text

    return plain_text(page(view))


def page(view: View) -> RenderableType:
    """The page for people: of one checkpoint everything, of several a comparison."""
    from sparsegraph.report.comparison import comparison_page
    from sparsegraph.report.terminal import report_page

    return report_page(view) if isinstance(view, Report) else comparison_page(view)


_WRITERS: dict[str, Callable[[View], str]] = {".json": json_text, ".csv": csv_text, ".txt": page_text}


def check_output(path: Path) -> None:
    """Refuse an output that cannot be written, before any work is done; see :mod:`sparsegraph.io.outputs`."""
    outputs.check_output(path, _WRITERS)


def write_output(view: View, path: Path) -> None:
    """Write a report or a comparison to a file; its ending says in which form."""
    check_output(path)
    text = _WRITERS[path.suffix](view)
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
