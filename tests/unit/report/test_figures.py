"""The drawings of an analysis as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import sparsegraph as sg
from sparsegraph.report.analysis import Settings
from sparsegraph.report.figures import write_figures


def test_names_that_would_become_one_are_numbered(tmp_path: Path) -> None:
    graph = sg.LayeredGraph.from_matrices([np.eye(4), np.ones((4, 2))])
    paths = [tmp_path / f"{name}.pt" for name in ("my net", "my+net", "my-net", "My net")]
    for path in paths:
        sg.save(graph, path)
    reports = [sg.analyze(path, Settings(("kshell",))) for path in paths]
    written = write_figures(reports, tmp_path)
    assert len(written) == len(paths)
    assert len({path.name.lower() for path in written if path.is_file()}) == len(paths)
    assert [path.name for path in write_figures(reports, tmp_path)] == [path.name for path in written]
