"""Views of reports as text and as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sparsegraph.io import outputs
from sparsegraph.io.atomic import atomic_write
from sparsegraph.report.analysis import Comparison, Report
from sparsegraph.report.document import comparison_document, to_document

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType


View = Report | Comparison


def json_text(view: View) -> str:
    """One JSON document: a report, or a comparison of several."""
    document = to_document(view) if isinstance(view, Report) else comparison_document(view)
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def csv_text(view: View) -> str:
    """Tidy table: checkpoint, block, measure, part, field, value."""
    import pandas as pd

    frames = [
        frame.assign(checkpoint=report.source.path, block=block, measure=name)
        for report in ((view,) if isinstance(view, Report) else view.reports)
        for block, name, frame in _frames(report)
    ]
    columns = ["checkpoint", "block", "measure", "part", "field", "value"]
    text: str = pd.concat(frames, ignore_index=True)[columns].to_csv(index=False)
    return text


def _frames(report: Report) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Block, measure and table: one for each measure, and one for each number that was compared with a null model."""
    for part in report.parts:
        block = part.block or ""
        yield from ((block, name, result.to_frame()) for name, result in part.results.items())
        for null, tested in part.significance.items():
            for row in tested.rows:
                frame = row.to_frame()
                told = frame[~frame.field.isin(("measure", "number"))]
                yield block, row.measure, told.assign(part=f"null model {null}", field=f"{row.number}." + told.field)
    yield from (("", name, result.to_frame()) for name, result in report.trajectory.items())


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
