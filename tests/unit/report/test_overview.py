"""Many matrices: a row for each, with the numbers of the document."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sparsegraph.report.analysis import Settings, analyze
from sparsegraph.report.outputs import page_text


def test_a_row_for_each_matrix(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    matrices = {f"layer{i}.weight": rng.normal(size=(20 + i, 9)) * (rng.random((20 + i, 9)) < 0.3) for i in range(5)}
    np.savez(tmp_path / "many.npz", **matrices)
    report = analyze(tmp_path / "many.npz", Settings(scope="block", measures=("sparsity", "kshell")))
    page = page_text(report).splitlines()
    for part in report.parts:
        row = next(line for line in page if line.startswith(str(part.block).removesuffix(".weight")))
        assert f"{100 * part.results['sparsity'].sparsity:.1f} %" in row
        assert row.split()[-1] == str(part.results["kshell"].max_shell)
    assert any(line.startswith("*.weight ") for line in page)
    assert any("--json" in line for line in page)
    assert not any("alpha" in line for line in page)
