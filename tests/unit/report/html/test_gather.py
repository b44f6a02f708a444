"""The comparison with a null model beside the numbers of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from sparsegraph.errors import DataError
from sparsegraph.measures.modularity import Modularity
from sparsegraph.report.analysis import Settings
from sparsegraph.report.html import gather
from sparsegraph.report.html.build import page_of
from sparsegraph.report.html.gather import N_RUNS, Choices, gathered
from sparsegraph.report.html.page import Table
from sparsegraph.report.html.subject import Subject


def measured(path: Path, **options: int) -> Subject:
    return gathered([path], Choices(Settings(("modularity",), options=options), n_null=2))[0]


def observed(subject: Subject) -> dict[str, object]:
    return {row.number: row.observed for row in subject.report.significance["degree"].rows}


def remarks(subject: Subject) -> str:
    (communities,) = (section for section in page_of([subject]).sections if section.name == "communities")
    return " ".join(told for block in communities.content if isinstance(block, Table) for told in block.remarks)


def test_a_number_of_the_page_is_the_one_that_is_compared(net_path: Path) -> None:
    subject = measured(net_path)
    found = subject.report.results["modularity"]
    assert isinstance(found, Modularity)
    assert found.n_runs > N_RUNS
    numbers = observed(subject)
    assert (numbers["modularity"], numbers["n_communities"]) == (found.modularity, found.n_communities)
    assert "modularity here" not in remarks(subject)
    assert "other measures were not compared" in remarks(subject)


def test_where_large_nets_are_searched_less_the_table_says_so(net_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gather, "MOST_SEARCHED", 10)
    subject = measured(net_path)
    fewer = measured(net_path, n_runs=N_RUNS)
    assert observed(subject) == observed(fewer)
    assert f"modularity here: best of {N_RUNS} runs" in remarks(subject)
    assert fewer.n_null_runs is None  # asked for: the whole page has as many
    assert "modularity here" not in remarks(fewer)


def test_an_option_of_runs_is_passed_over_for_a_checkpoint_beside_them() -> None:
    asked = Settings(options={"threshold": 0.5, "n_runs": 2})  # of turnover, and of modularity
    for_each = {trained: gather._fitting(gather._settings(asked, is_trained=trained)) for trained in (False, True)}
    assert for_each[True].options == asked.options
    assert for_each[False].options == {"n_runs": 2}


def test_an_option_that_no_net_of_the_page_has_is_refused(net_path: Path) -> None:
    for options in ({"threshold": 0.5}, {"n_run": 2}):
        with pytest.raises(DataError, match="no measure that is asked for has an option"):
            gathered([net_path], Choices(Settings(options=options)))


def test_no_draws_are_not_the_usual_number_of_them(net_path: Path) -> None:
    with pytest.raises(DataError, match="n_null is 0"):
        gathered([net_path], Choices(Settings(("path_length",)), n_null=0))
