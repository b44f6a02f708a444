"""A report keeps numbers, not matrices."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest
from graphs import complete, erdos_renyi

from sparsegraph.errors import DataError, UnknownNameError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.io.native import save
from sparsegraph.report.analysis import Settings, analyze
from sparsegraph.report.outline import outline


def n_graphs() -> int:
    gc.collect()
    return sum(type(thing) is LayeredGraph for thing in gc.get_objects())


def test_no_graph_outlives_its_analysis(tmp_path: Path) -> None:
    save(erdos_renyi((30, 40, 40, 10), 0.2), tmp_path / "net.pt")
    before = n_graphs()
    report = analyze(tmp_path / "net.pt", Settings(scope="block", measures=("sparsity", "degree", "kshell")))
    assert len(report.parts) == 3
    assert n_graphs() == before


def test_the_outline_in_words() -> None:
    assert outline(complete(2, 3, 4)).in_words() == "2-3-4: 9 neurons, 18 links"
    assert outline(complete(*[1] * 14)).in_words() == "1-1-1-1-1-...-1-1-1-1-1: 14 neurons, 13 links"


def test_the_progress_names_each_step(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    told: list[str] = []
    analyze(tmp_path / "net.pt", Settings(measures=("kshell", "sparsity")), progress=told.append)
    assert told == ["reading the file", "sparsity", "kshell"]


def test_choices_by_name_are_settings(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    report = analyze(tmp_path / "net.pt", measures=["kshell"], percolated=True)
    assert report.settings == Settings(measures=("kshell",), percolated=True)
    assert analyze(tmp_path / "net.pt", Settings(seed=3), measures=["kshell"]).settings.seed == 3
    with pytest.raises(TypeError, match="measure"):
        analyze(tmp_path / "net.pt", measure=["kshell"])


def test_one_name_stands_for_a_tuple_of_it(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    report = analyze(tmp_path / "net.pt", measures="kshell", nulls="er", n_null=2)
    assert (list(report.results), list(report.significance)) == (["kshell"], ["er"])
    assert report.settings == Settings(measures=("kshell",), nulls=("er",), n_null=2)
    listed = analyze(tmp_path / "net.pt", measures="credit_paths", readout=["output"]).results["credit_paths"]
    assert "left out" in getattr(listed, "readout")  # noqa: B009 - a field of that result only
    assert Settings(layers="fc1").layers == ("fc1",)  # type: ignore[arg-type]
    with pytest.raises(UnknownNameError, match="no measure named 'kshel'; did you mean kshell"):
        analyze(tmp_path / "net.pt", measures="kshel")
    with pytest.raises(UnknownNameError, match="no null model named 'degre'; did you mean degree"):
        analyze(tmp_path / "net.pt", measures="kshell", nulls="degre")


def test_what_is_no_choice_is_refused_before_any_file_is_read(tmp_path: Path) -> None:
    nothing = tmp_path / "nothing.pt"
    with pytest.raises(DataError, match="scope is 'blocks'; it must be graph or block"):
        analyze(nothing, scope="blocks")
    with pytest.raises(DataError, match="n_null is 0; a whole number of draws, at least 2"):
        analyze(nothing, measures="kshell", nulls="er", n_null=0)
    with pytest.raises(DataError, match="no measure that is asked for has an option 'replcas'; did you mean replicas"):
        analyze(nothing, options={"replcas": 1})
    with pytest.raises(DataError, match="'replicas'; known are: none"):
        analyze(nothing, measures="degree", options={"replicas": 1})


def test_an_option_of_one_of_the_measures_is_none_of_the_others(tmp_path: Path) -> None:
    save(complete(2, 3, 4), tmp_path / "net.pt")
    report = analyze(
        tmp_path / "net.pt", measures=["degree", "modularity"], options={"n_runs": 2}, nulls="er", n_null=2
    )
    assert getattr(report.results["modularity"], "n_runs") == 2  # noqa: B009 - a field of that result only
