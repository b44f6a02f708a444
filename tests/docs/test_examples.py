"""What the documentation shows runs: examples in Python as they stand, commands as far as their options."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
import typer.main
from tiny_runs import train_tiny

import sparsegraph
from sparsegraph.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "docs/howto", "analyses", "analyses/*")  # not those that building the site fills
PAGES = [ROOT / "README.md", *(page for folder in FOLDERS for page in sorted(ROOT.glob(f"{folder}/*.md")))]
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON: dict[str, Callable[[str], str]] = {"python": str, "pycon": doctest.script_from_examples}
"""What makes a script of a block, by the word behind its fence."""
COMMAND = re.compile(r"^(?:\w+=\S+ )*sparsegraph (?P<rest>[a-z].*)$", re.MULTILINE)

PREPARED = """
import numpy as np
import torch

import sparsegraph

def train_one_epoch(model): ...
def accuracy(model): return 0.5
class masking: masks = {"0.weight": torch.rand(30, 64) < 0.2}
arrays = {"momentum": np.zeros(3)}
first = second = np.eye(4)

model = torch.load("model.pth", weights_only=False)
graph = sparsegraph.load("ckpt.pt").graph
"""
"""What the examples take for granted: a model, its graph, matrices, a training loop."""

MAKES_RUNS = ("docs/training.md",)
"""Pages that train the runs which others take for granted."""

NOT_RUN = {"docs/data.md": "load_data"}
"""Examples that need data that a user has to fetch, by a word in them."""


def examples() -> dict[str, str]:
    """The Python of each page, one example after the other, by the page's path."""
    found = {}
    for page in PAGES:
        name = page.relative_to(ROOT).as_posix()
        blocks = [
            PYTHON[kind](text) for kind, text in FENCE.findall(page.read_text(encoding="utf-8")) if kind in PYTHON
        ]
        kept = [block for block in blocks if name not in NOT_RUN or NOT_RUN[name] not in block]
        if kept:
            found[name] = "\n\n".join(kept)
    return found


def commands() -> list[tuple[str, str]]:
    """Every line that calls the program, with the page that has it."""
    return [
        (page.relative_to(ROOT).as_posix(), match["rest"].partition(" #")[0].strip())
        for page in PAGES
        for _, text in FENCE.findall(page.read_text(encoding="utf-8"))
        for match in COMMAND.finditer(text)
    ]


def few_draws(code: str) -> str:
    """The same with two draws of a null model: what is tested is that it runs."""
    return re.sub(r"\bn_null=\d+", "n_null=2", code)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder: a model, its checkpoint, and small runs under the names that the pages use."""
    made, trained = tmp_path_factory.mktemp("examples"), tmp_path_factory.mktemp("trained")
    (made / "runs").mkdir()
    for name, profile in {"chts": "chts", "set": "set", "cht": "cht-cht", "esml": "esml-esml"}.items():
        train_tiny(profile, trained).rename(made / "runs" / name)
    generator = torch.Generator().manual_seed(0)
    model = torch.nn.Sequential(
        torch.nn.Linear(64, 30), torch.nn.ReLU(), torch.nn.Linear(30, 20), torch.nn.ReLU(), torch.nn.Linear(20, 10)
    )
    with torch.no_grad():
        for layer in model[::2]:
            layer.weight *= torch.rand(layer.weight.shape, generator=generator) < 0.2
    torch.save(model, made / "model.pth")
    (made / "ckpt").mkdir()
    for name in ("ckpt", "before", "after", "ckpt/epoch_1", "ckpt/epoch_2", "ckpt/epoch_10"):
        torch.save(model.state_dict(), made / f"{name}.pt")
    sparsegraph.save(sparsegraph.graph_of(model), made / "graph.pt")
    return made


@pytest.mark.parametrize("page", examples())
def test_examples_in_python_run(folder: Path, tmp_path: Path, page: str) -> None:
    here = shutil.copytree(folder, tmp_path / "here")
    if page in MAKES_RUNS:
        shutil.rmtree(here / "runs")
    script = f"{PREPARED}\n{few_draws(examples()[page])}"
    environment = os.environ | {"MPLBACKEND": "agg", "SPARSEGRAPH_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", script]
    answer = subprocess.run(command, cwd=here, env=environment, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(("page", "line"), commands())
def test_commands_have_the_options_that_are_shown(page: str, line: str) -> None:
    name, *arguments = shlex.split(line)
    command = typer.main.get_command(app).commands[name]
    context = command.make_context(name, [], resilient_parsing=True)
    context.resilient_parsing = False  # True overlooks unknown options
    command.make_parser(context).parse_args([argument for argument in arguments if argument != "..."])
