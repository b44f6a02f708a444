"""The command line as a user meets it: run in this process, with what was printed and the exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from graphs import erdos_renyi

from sparsegraph.graph.layered import LayeredGraph


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str


@pytest.fixture
def sparsegraph(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    from sparsegraph.cli import main

    monkeypatch.delenv("COLUMNS", raising=False)  # which the processes of a test run may have

    def run(*words: str | Path) -> Answer:
        monkeypatch.setattr(sys, "argv", ["sparsegraph", *map(str, words)])
        capsys.readouterr()
        try:
            main()
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        printed = capsys.readouterr()
        return Answer(status, printed.out, printed.err)

    return run


@pytest.fixture(scope="session")
def small_net() -> LayeredGraph:
    """64-120-120-10 with 10 % of the links and a dense readout."""
    sparse_part = erdos_renyi((64, 120, 120), 0.1)
    readout = np.random.default_rng(1).normal(size=(120, 10))
    return LayeredGraph.from_matrices([*(block.weights for block in sparse_part.blocks), readout])


@pytest.fixture(scope="session")
def checkpoint(small_net: LayeredGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from sparsegraph.io.native import save

    path = tmp_path_factory.mktemp("checkpoints") / "small.pt"
    save(small_net, path)
    return path


@pytest.fixture(scope="session")
def state_dict(small_net: LayeredGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same net as a plain torch state dict with zeros."""
    import torch

    path = tmp_path_factory.mktemp("checkpoints") / "plain.pth"
    weights = {
        f"fc{i}.weight": torch.tensor(block.weights.toarray().T, dtype=torch.float32)
        for i, block in enumerate(small_net.blocks, 1)
    }
    torch.save({"state_dict": weights, "epoch": 3}, path)
    return path
