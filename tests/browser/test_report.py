"""The report in a browser: it moves, prints, asks nobody, and runs nothing that a file says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evolving import random_mask
from tiny_runs import train_tiny

import sparsegraph as sg
from sparsegraph.report.analysis import Settings
from sparsegraph.report.html.axes import upwards
from sparsegraph.report.html.gather import Choices
from sparsegraph.report.html.page import Line, Page, Panel, Panels, Section
from sparsegraph.report.html.write import html_of, write_report

HOSTILE = "</script><img src=x onerror=alert(1)>"
Opened = Callable[..., Any]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of three epochs, its pictures and its course."""
    folder = tmp_path_factory.mktemp("report")
    run = train_tiny("sulyok-ch3l3", folder)
    measures = ("sparsity", "activity", "degree", "powerlaw", "kshell", "hyperbolic", "input_map", "turnover")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARSEGRAPH_CACHE", str(folder / "cache"))
        settings = Settings(measures, options={"replicas": 20, "n_permutations": 20})
        return write_report(run, folder / "report.html", Choices(settings, n_null=2))


def scrolls_sideways(shown: Any) -> bool:
    return bool(shown.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_window_with_everything_open(saved: Path, open_page: Opened, width: int, scheme: str) -> None:
    shown = open_page(saved, width=width, scheme=scheme)
    assert not scrolls_sideways(shown)
    shown.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert not scrolls_sideways(shown)


@pytest.mark.parametrize("width", [1280, 390])
def test_labels_of_the_axes_are_read_whole(tmp_path: Path, open_page: Opened, width: int) -> None:
    y = upwards(0.0, 2.0)
    ticks = ((y(0), "82.75 %"), (y(1), "97.025 %"), (y(2), "5 or more"))
    line = Line("net", "black", "", ("62,10 304,152",), ("a", "b"))
    panel = Panel("A number", "", "epoch", ((62.0, "0"), (304.0, "1,000")), ticks, (line,), (62.0, 304.0), "told")
    page = Page("axes", 1, (Section("evolution", "Evolution", "", (Panels("panels", ("0", "1"), (panel,), ""),)),))
    path = tmp_path / "axes.html"
    path.write_text(html_of(page), encoding="utf-8")
    cut = """[...document.querySelectorAll('.panel text')].filter((text) => {
      const own = text.getBoundingClientRect(), paper = text.closest('svg').getBoundingClientRect();
      return own.left < paper.left || own.right > paper.right || own.top < paper.top || own.bottom > paper.bottom;
    }).map((text) => text.textContent)"""
    assert open_page(path, width=width).evaluate(cut) == []


def test_the_contents_fold_where_the_window_is_narrow(saved: Path, open_page: Opened) -> None:
    assert open_page(saved).locator("nav a").first.is_visible()
    narrow = open_page(saved, width=390)
    assert not narrow.locator("nav a").first.is_visible()
    narrow.click("nav summary")
    narrow.click("nav a[href='#downloads']")
    assert narrow.locator("#downloads-title").is_visible()


def test_the_keyboard_reaches_the_slider_which_moves_the_panels(saved: Path, open_page: Opened) -> None:
    shown = open_page(saved)
    for _ in range(200):
        shown.keyboard.press("Tab")
        if shown.evaluate("document.activeElement.id") == "panels-moment":
            break
    else:
        pytest.fail("the slider was never in focus")
    assert shown.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    told = "document.querySelector('.slider output').textContent"
    cursor = "document.querySelector('.panel .cursor').getAttribute('x1')"
    points = "[...document.querySelectorAll('.panel polyline')].at(-2).getAttribute('points')"
    before = [shown.evaluate(one) for one in (told, cursor, points)]
    shown.keyboard.press("Home")
    after = [shown.evaluate(one) for one in (told, cursor, points)]
    assert after[0].startswith("epoch 0")
    assert all(a != b for a, b in zip(before, after, strict=True))
    assert shown.get_attribute("#panels-moment", "aria-valuetext") == after[0]


def test_the_first_key_skips_to_the_content(saved: Path, open_page: Opened) -> None:
    shown = open_page(saved)
    shown.keyboard.press("Tab")
    assert shown.evaluate("document.activeElement.className") == "skip"
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.id") == "content"


def test_each_download_works_and_parses(saved: Path, open_page: Opened, tmp_path: Path) -> None:
    shown = open_page(saved)
    found = {}
    for link in shown.locator(".downloads a").all():
        with shown.expect_download() as waiting:
            link.click()
        place = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(place)
        found[place.name] = place.read_text(encoding="utf-8")
    tables = {"results.csv", "evolution.csv", "evolution-conventions.csv"}
    assert set(found) == {"report.json", "methods.txt", "references.bib"} | tables
    document = json.loads(found["report.json"])
    rows = list(csv.DictReader(io.StringIO(found["results.csv"])))
    shells = [row["value"] for row in rows if (row["measure"], row["field"]) == ("kshell", "max_shell")]
    assert [int(float(shell)) for shell in shells] == [document["results"]["kshell"]["max_shell"]]
    course = list(csv.DictReader(io.StringIO(found["evolution.csv"])))
    assert float(course[-1]["history.test.accuracy"]) > 0
    explained = {row["measure"] for row in csv.DictReader(io.StringIO(found["evolution-conventions.csv"]))}
    assert {name.partition(".")[0] for name in course[0]} - {"epoch", "net"} == explained
    assert found["references.bib"].startswith("@")


def test_in_print_the_navigation_is_hidden_and_the_contents_are_not(saved: Path, open_page: Opened) -> None:
    shown = open_page(saved)
    shown.emulate_media(media="print")
    for hidden in ("nav", ".skip", ".slider", "button.copy"):
        assert not shown.locator(hidden).first.is_visible()
    assert shown.locator("#degrees .picture").first.is_visible()
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown.locator("details.folded table").first.is_visible()


def test_pictures_tables_and_landmarks_have_names(saved: Path, open_page: Opened) -> None:
    shown = open_page(saved)
    unnamed = "[...document.querySelectorAll('[role=img],[role=region],nav,section')].filter(one => "
    unnamed += "!one.getAttribute('aria-label') && !one.getAttribute('aria-labelledby')).length"
    assert shown.evaluate(unnamed) == 0
    assert shown.locator("h1").count() == 1
    assert shown.locator("main").count() == 1


CONTRAST = """() => {
  const light = (text) => {
    const part = text.match(/[\\d.]+/g).slice(0, 3).map((v) => v / 255)
      .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * part[0] + 0.7152 * part[1] + 0.0722 * part[2];
  };
  const ground = (one) => {
    for (; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(colour)) return colour;
    }
  };
  return [...document.querySelectorAll("p, li, small, a, th, td, dt, dd, figcaption, h1, h2, h3, summary, button, pre")]
    .filter((one) => one.offsetParent && one.textContent.trim() && !one.closest(".sgview"))
    .map((one) => {
      const [a, b] = [light(getComputedStyle(one).color), light(ground(one))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), one.textContent.trim().slice(0, 40)];
    }).filter(([contrast]) => contrast < 4.5);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(saved: Path, open_page: Opened, scheme: str) -> None:
    assert open_page(saved, scheme=scheme).evaluate(CONTRAST) == []


def test_a_hostile_checkpoint_runs_nothing(tmp_path: Path, open_page: Opened) -> None:
    rng = np.random.default_rng(0)
    blocks = [random_mask((20, 15), 80, rng), random_mask((15, 4), 30, rng)]
    plain = sg.LayeredGraph.from_matrices([mask.to_array() for mask in blocks])
    layers = tuple(sg.Layer(f"{HOSTILE}{i}", layer.size, layer.kind) for i, layer in enumerate(plain.layers))
    path = tmp_path / "<img src=y onerror=alert(2)>.pt"
    sg.save(sg.LayeredGraph(layers, plain.blocks), path)
    place = write_report(path, tmp_path / "report.html", Choices(Settings(options={"replicas": 20}), quick=True))
    shown = open_page(place)
    shown.on("dialog", lambda dialog: pytest.fail(dialog.message))
    shown.wait_for_timeout(200)
    assert shown.evaluate("[...document.images].filter(one => !one.src.startsWith('data:')).length") == 0
    assert shown.evaluate("document.scripts.length") == 1
    assert HOSTILE in shown.text_content("#layers")
    assert HOSTILE in shown.text_content("#shells svg")
