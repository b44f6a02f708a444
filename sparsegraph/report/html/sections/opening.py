"""How the page begins: verdicts in words, the nets side by side in numbers, and where everything comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sparsegraph.io.runs.layout import SNAPSHOTS, numbers_in
from sparsegraph.io.runs.stopped import recorded_step
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.provenance import versions
from sparsegraph.report.analysis import Part
from sparsegraph.report.comparison import ROWS, cell
from sparsegraph.report.html.page import (
    Block,
    Column,
    Facts,
    Folded,
    Heading,
    Section,
    Table,
    Tile,
    Verdict,
    Verdicts,
    Words,
)
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.topics import VERDICTS
from sparsegraph.report.html.wording import capital, labelled, select
from sparsegraph.report.numbers import percent
from sparsegraph.report.views.catalogue import sentences
from sparsegraph.significance.run import Significance

TILES = (
    ("sparsity", "sparsity.weight_sparsity", "share", "{sparsity.readout}"),
    ("links", "sparsity.n_links", "number", ""),
    ("active (ANP)", "activity.anp_rate_hidden", "share", "of hidden neurons; {activity.readout}"),
    ("tail alpha", "powerlaw.alpha", "number", "{powerlaw.verdict}"),
    ("inner k-shell", "kshell.max_shell", "number", ""),
)
"""Name, path of the number, how it is shown, and the convention beside it with the path of what it depends on."""


def verdict_section(subjects: Sequence[Subject]) -> Section:
    """What was found, in words; of several nets the main numbers side by side too."""
    nets = tuple(_verdict(one, label, part) for one, label, part in _graphs(subjects))
    content: tuple[Block, ...] = (Verdicts(nets),)
    if len(nets) > 1:
        content = (*content, side_by_side(subjects))
    return Section("verdict", "Verdict", "", content)


def _graphs(subjects: Sequence[Subject]) -> Iterator[tuple[Subject, str, Part]]:
    for one in subjects:
        yield from ((one, label, part) for label, part in labelled([one]))


def _verdict(subject: Subject, label: str, part: Part) -> Verdict:
    plain = {name: result.to_dict() for name, result in part.results.items()}
    tiles = list(_accuracy(subject)) + [
        Tile(name, shown, _convention(plain, convention))
        for name, path, kind, convention in TILES
        if (shown := cell(plain, path.split("."), kind))
    ]
    told = sentences({**select(part.results, VERDICTS), **_telling(part.significance)})
    return Verdict(label, part.outline.in_words(), tuple(tiles), tuple(map(capital, told)))


def _telling(significance: Mapping[str, Significance]) -> dict[str, Significance]:
    """Comparisons with null models whose draws suffice for a claim; the others stand in their section only."""
    return {name: found for name, found in significance.items() if found.n_null >= found.n_null_needed}


def _accuracy(subject: Subject) -> Iterator[Tile]:
    curve = subject.course.curves.get("accuracy") if subject.course is not None else None
    if curve is not None and subject.course is not None:
        when = f"{subject.course.unit} {curve.times[-1]:,.0f}, as recorded"
        yield Tile("test accuracy", percent(curve.values[-1]), when + _beside_the_net(Path(subject.report.source.path)))


def _beside_the_net(run: Path) -> str:
    """Whether the last record is of another moment than the last snapshot, which is the net of the page."""
    recorded, snapshots = recorded_step(run), numbers_in(run, SNAPSHOTS)
    if recorded is None or not snapshots or recorded == snapshots[-1]:
        return ""
    return f"; {'later' if recorded > snapshots[-1] else 'earlier'} than the net shown"


def _convention(plain: Mapping[str, Any], told: str) -> str:
    return re.sub(r"\{(.*?)\}", lambda path: cell(plain, path[1].split("."), "word"), told)


def side_by_side(subjects: Sequence[Subject]) -> Table:
    """A row a number, a column a net."""
    graphs = labelled(subjects)
    plain = [{name: result.to_dict() for name, result in part.results.items()} for _, part in graphs]
    rows = [(label, *(cell(one, path.split("."), kind) for one in plain)) for label, path, kind in ROWS]
    columns = (Column("", is_number=False), *(Column(label) for label, _ in graphs))
    note = f"{_topology(subjects[0])}; seed {subjects[0].report.settings.seed}"
    return Table("Side by side", note, columns, tuple(row for row in rows if any(row[1:])))


def _topology(subject: Subject) -> str:
    return "percolated graph" if subject.report.settings.percolated else "raw graph"


def provenance_section(subjects: Sequence[Subject]) -> Section:
    """Files, hashes, conventions and versions."""
    content: list[Block] = []
    for one in subjects:
        if len(subjects) > 1:
            content.append(Heading(one.name))
        content.append(Facts(tuple(_of(one))))
    content.append(Facts(tuple(_of_program())))
    return Section("provenance", "Provenance", "Every number below depends on these.", tuple(content))


def _of(subject: Subject) -> Iterator[tuple[str, str]]:
    report, settings = subject.report, subject.report.settings
    yield "path", report.source.path
    yield "format", report.source.format
    yield "SHA-256", report.source.sha256
    yield from (("snapshot", note) for note in report.notes)
    if subject.course is not None and subject.course.method:
        yield "trained by", subject.course.method
    yield "links", report.mask_origin
    yield "topology", _topology(subject) + ("; raw masks over training" if report.trajectory else "")
    yield from (("readout", told) for told in _readouts(report.results))
    yield "scope", "the whole graph" if settings.scope == "graph" else "every matrix by itself"
    yield "seed", str(settings.seed)
    if settings.options:
        yield "options", ", ".join(f"{name} = {value}" for name, value in settings.options.items())
    for name, found in report.significance.items():
        told = f"{name}: {found.n_null} draws, seed {found.seed}; {found.p}; correction: {found.correction}"
        yield "null model", told


def _readouts(results: Mapping[str, Any]) -> Iterator[str]:
    """What was decided of the readout, and in which measures."""
    found: dict[str, list[str]] = {}
    for name, result in results.items():
        if "readout" in MEASURES[name].options and isinstance(told := getattr(result, "readout", None), str):
            found.setdefault(told, []).append(name)
    for told, names in found.items():
        yield f"{told.removeprefix('readout ')}, in {', '.join(names)}"


def _of_program() -> Iterator[tuple[str, str]]:
    found = versions()
    commit = found.pop("commit")
    yield "made with", ", ".join(f"{name} {version}" for name, version in found.items() if version)
    if commit:
        yield "commit", commit


def layers_section(subjects: Sequence[Subject]) -> Section:
    """Layers and blocks with their densities and active neurons."""
    from sparsegraph.report.html.tables import of_results
    from sparsegraph.report.html.topics import LAYERS

    content: list[Block] = []
    graphs = labelled(subjects)
    for label, part in graphs:
        tables = (_layers(part.outline), *of_results(select(part.results, LAYERS)))
        content.extend([Heading(label), tables[0], Folded("Tables", tables[1:])] if len(graphs) > 1 else tables)
    lead = "Density is the share of possible links that are present, sparsity the share that is absent."
    return Section("layers", "Layers", lead, tuple(content or [Words("No graph.", "note")]))


def _layers(outline: Any) -> Table:
    columns: tuple[Column, ...] = (
        Column("layer", is_number=False),
        Column("size"),
        Column("of", is_number=False),
        Column("shape"),
    )
    rows: tuple[tuple[str, ...], ...] = tuple(
        (layer.name, f"{layer.size:,}", f"{layer.kind}s", " × ".join(map(str, layer.shape)) if layer.shape else "")
        for layer in outline.layers
    )
    if not any(row[-1] for row in rows):
        columns, rows = columns[:-1], tuple(row[:-1] for row in rows)
    inputs = f"{outline.n_inputs} separate chains" if outline.n_inputs > 1 else "one chain"
    return Table("Layers", inputs, columns, rows)
