"""A net and a tiny run as subjects of a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from graphs import erdos_renyi
from tiny_runs import train_tiny

import sparsegraph as sg
from sparsegraph.report.analysis import Settings
from sparsegraph.report.html.build import page_of
from sparsegraph.report.html.gather import Choices, gathered
from sparsegraph.report.html.page import Page
from sparsegraph.report.html.subject import Subject

MEASURES = ("sparsity", "activity", "degree", "powerlaw", "kshell", "credit_paths", "path_length", "rank")
QUICK = {"replicas": 20}


@pytest.fixture(scope="session")
def net_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "net.pt"
    blocks = [block.weights for block in erdos_renyi((40, 60, 60), 0.1).blocks]
    sg.save(sg.LayeredGraph.from_matrices([*blocks, np.ones((60, 4))]), path)
    return path


@pytest.fixture(scope="session")
def run_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train_tiny("sulyok-ch3l3", tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="session")
def net(net_path: Path) -> Subject:
    return gathered([net_path], Choices(Settings(MEASURES, options=QUICK), n_null=3))[0]


@pytest.fixture(scope="session")
def run(run_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Subject:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARSEGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
        return gathered([run_path], Choices(Settings((*MEASURES, "turnover"), options=QUICK), n_null=3))[0]


@pytest.fixture(scope="session")
def net_page(net: Subject) -> Page:
    return page_of([net])


@pytest.fixture(scope="session")
def run_page(run: Subject) -> Page:
    return page_of([run])
