"""The page model of a net, of a run, and of both side by side."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from sparsegraph.report.analysis import Settings
from sparsegraph.report.html.build import page_of
from sparsegraph.report.html.gather import Choices, gathered
from sparsegraph.report.html.page import Downloads, Facts, Page, Panels, Pictures, Points, Table, Verdicts, View, Words
from sparsegraph.report.html.sections.opening import verdict_section
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.tables import of_results
from sparsegraph.report.outputs import json_text


def names(page: Page) -> list[str]:
    return [section.name for section in page.sections]


def content(page: Page, name: str) -> tuple:
    return next(section.content for section in page.sections if section.name == name)


def test_sections_stand_in_the_order_of_the_readers_questions(net_page: Page, run_page: Page) -> None:
    ends = ["warnings", "methods", "downloads"]
    measured = ["degrees", "shells", "paths", "ranks", "communities", "robustness"]
    assert names(net_page) == ["verdict", "provenance", "layers", *measured, *ends]
    assert names(run_page) == ["verdict", "provenance", "layers", *measured, "evolution", "findings", *ends]


def test_verdict_and_provenance_tell_the_numbers_with_their_conventions(net: Subject, net_page: Page) -> None:
    (verdicts,) = content(net_page, "verdict")
    assert isinstance(verdicts, Verdicts)
    tiles = {tile.name: tile for tile in verdicts.nets[0].tiles}
    assert tiles["active (ANP)"].convention == "of hidden neurons; readout left out (dense last block hidden2-output)"
    assert any("hidden neurons active" in line for line in verdicts.nets[0].items)
    facts = dict(row for block in content(net_page, "provenance") if isinstance(block, Facts) for row in block.rows)
    assert facts["SHA-256"] == net.report.source.sha256
    assert facts["seed"] == "0"
    assert "sparsegraph" in facts["made with"]


def test_pictures_have_words_for_those_who_do_not_see_them(run_page: Page) -> None:
    shown = [one for s in run_page.sections for b in s.content if isinstance(b, Pictures) for one in b.shown]
    assert len(shown) >= 3
    assert all(len(one.alt) > 20 and one.caption for one in shown)
    assert len({one.markup for one in shown}) == len(shown)


def test_the_course_of_a_run_moves(run_page: Page) -> None:
    found = content(run_page, "evolution")
    panels = next(block for block in found if isinstance(block, Panels))
    assert [panel.title for panel in panels.panels][:2] == ["Test accuracy", "Active hidden neurons (ANP)"]
    n = len(panels.moments)
    assert n > 1
    for panel in panels.panels:
        assert len(panel.cursor) in (0, n)
        for line in panel.lines:
            assert len(line.values) == n
            assert len(line.points) in (1, n)
    assert any(isinstance(block, View) for block in found)


def test_the_last_moment_is_the_net_of_the_head(run: Subject, run_page: Page) -> None:
    (verdicts,) = (block for block in content(run_page, "verdict") if isinstance(block, Verdicts))
    tiles = {tile.name: tile.value for tile in verdicts.nets[0].tiles}
    panels = next(block for block in content(run_page, "evolution") if isinstance(block, Panels))
    last = {panel.title: panel.lines[0].values[-1] for panel in panels.panels}
    assert run.course is not None
    assert panels.moments[-1].startswith(f"epoch {run.course.curves['accuracy'].times[-1]:,.0f}")
    assert last["Test accuracy"] == tiles["test accuracy"]
    assert last["Active hidden neurons (ANP)"] == tiles["active (ANP)"]
    assert run.scene is not None
    assert run.scene.frames[-1].title == panels.moments[-1]


def accuracy_tile(run: Path) -> str:
    (subject,) = gathered([run], Choices(Settings(("degree",)), n_null=3))
    tiles = {tile.name: tile for tile in verdict_section([subject]).content[0].nets[0].tiles}
    return tiles["test accuracy"].convention


def test_of_a_stopped_run_the_accuracy_is_said_to_be_of_another_moment_than_the_net(
    run_path: Path, tmp_path: Path
) -> None:
    for name in ("later", "earlier"):
        shutil.copytree(run_path, tmp_path / name)
    assert accuracy_tile(tmp_path / "later").endswith(", as recorded")
    max((tmp_path / "later" / "snapshots").iterdir()).unlink()
    assert accuracy_tile(tmp_path / "later").endswith(", as recorded; later than the net shown")
    history = tmp_path / "earlier" / "history.jsonl"
    history.write_text(history.read_text().splitlines(keepends=True)[0])  # as if stopped within the second epoch
    assert accuracy_tile(tmp_path / "earlier") == "epoch 1, as recorded; earlier than the net shown"


def test_several_nets_stand_side_by_side(net: Subject, run: Subject) -> None:
    page = page_of([net, run])
    table = next(block for block in content(page, "verdict") if isinstance(block, Table))
    assert [column.name for column in table.columns] == ["", net.name, run.name]
    assert all(len(row) == 3 for row in table.rows)
    assert page.n_nets == 2


def test_what_is_missing_is_said(net: Subject, net_page: Page, run_page: Page) -> None:
    told = [block.text for block in content(net_page, "robustness") if isinstance(block, Words)]
    assert "sparsegraph perturb" in told[0]
    left_out = replace(net, why_no_null="left out, as asked")
    assert Words("left out, as asked", "note") not in content(page_of([left_out]), "communities")  # no modularity here
    assert "--findings" in content(run_page, "findings")[0].text


def test_warnings_name_the_readout_and_small_tails(net_page: Page) -> None:
    points = [block for block in content(net_page, "warnings") if isinstance(block, Points)]
    told = " ".join(points[0].items)
    assert "readout left out (dense last block hidden2-output)" in told


def test_downloads_hold_the_same_document(net: Subject, net_page: Page) -> None:
    import json

    (block,) = content(net_page, "downloads")
    assert isinstance(block, Downloads)
    files = {file.name: file.text for file in block.files}
    assert json.loads(files["report.json"]) == json.loads(json_text(net.report))
    assert files["results.csv"].startswith("checkpoint,block,measure,part,field,value,conventions\n")


def test_tables_are_those_of_the_terminal(net: Subject) -> None:
    (table, *_) = of_results(net.report.results, ("kshell",))
    assert table.title == "K-shells"
    assert [column.name for column in table.columns][:3] == ["layer", "neurons", "isolated"]
    assert table.rows[0][:2] == ("input", "40")
