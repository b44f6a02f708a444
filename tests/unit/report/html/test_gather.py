"""The comparison with a null model beside the numbers of the page."""

from __future__ import annotations

from pathlib import Path

import pytest

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
