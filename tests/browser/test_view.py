"""The interactive view in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evolving import snapshots
from trajectories import trajectory_of

import sparsegraph as sg
from sparsegraph.interactive.html import page
from sparsegraph.interactive.scene import scene_of_graph

HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sg.view(trajectory_of(snapshots(6))).save(tmp_path_factory.mktemp("view") / "view.html")


def scrolls_sideways(shown: Any) -> bool:
    return bool(shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_the_slider_moves_by_keyboard_and_nothing_scrolls_sideways(
    saved: Path, open_page: Callable[..., Any], width: int, scheme: str
) -> None:
    shown = open_page(saved, width=width, scheme=scheme)
    assert shown.text_content("output") == "epoch 5, update 5"
    shown.focus("input[type=range]")
    shown.keyboard.press("ArrowLeft")
    assert shown.text_content("output") == "epoch 4, update 4"
    shown.keyboard.press("Home")
    assert shown.text_content("output") == "epoch 0, update 0"
    assert not scrolls_sideways(shown)


def test_arrow_keys_tell_neurons_and_the_button_changes_the_drawing(saved: Path, open_page: Callable[..., Any]) -> None:
    shown = open_page(saved)
    shown.focus("canvas")
    shown.keyboard.press("ArrowRight")
    assert shown.text_content(".sgtold").startswith("input 0: 0 links in, ")
    before = shown.evaluate("document.querySelector('canvas').toDataURL()")
    shown.click(".sgtoggle")
    assert shown.text_content(".sgtoggle") == "Show layers"
    assert shown.evaluate("document.querySelector('canvas').toDataURL()") != before


def test_playing_ends_at_the_last_snapshot(saved: Path, open_page: Callable[..., Any]) -> None:
    shown = open_page(saved)
    shown.click(".sgplay")
    shown.wait_for_function("document.querySelector('.sgplay').getAttribute('aria-label') === 'Play'", timeout=10_000)
    assert shown.text_content("output") == "epoch 5, update 5"


def test_a_hostile_name_runs_nothing(tmp_path: Path, open_page: Callable[..., Any]) -> None:
    graph = sg.LayeredGraph.from_matrices([np.eye(3), np.ones((3, 2))])
    layers = tuple(sg.Layer(f"{HOSTILE}{i}", layer.size, layer.kind) for i, layer in enumerate(graph.layers))
    path = tmp_path / "hostile.html"
    path.write_text(page(scene_of_graph(sg.LayeredGraph(layers, graph.blocks))), encoding="utf-8")
    shown = open_page(path)
    assert shown.evaluate("document.images.length") == 0
    assert HOSTILE in shown.text_content(".sglegend")
