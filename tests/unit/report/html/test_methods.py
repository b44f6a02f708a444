"""The methods text and its references."""

from __future__ import annotations

import re
from importlib.resources import files

from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.papers.titles import PAPERS
from sparsegraph.report.html.methods import SENTENCES, bibtex, methods_text
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.topics import placed


def test_every_reference_has_an_entry_and_every_entry_a_reference(run: Subject) -> None:
    text, entries = methods_text([run]), bibtex([run])
    named = set(re.findall(r"\[([a-z0-9_]+)\]", text))
    assert named == set(re.findall(r"^@\w+\{(\w+),", entries, flags=re.MULTILINE))
    assert {"clauset2009", "sulyok_dst", "holm1979"} <= named
    assert entries.count("{") == entries.count("}")


def test_all_sentences_cite_what_is_known() -> None:
    text = (files("sparsegraph.report.html") / "references.bib").read_text(encoding="utf-8")
    known = set(re.findall(r"^@\w+\{(\w+),", text + "\n".join(p.bibtex for p in PAPERS.values()), flags=re.MULTILINE))
    assert {key for sentence in SENTENCES.values() for key in re.findall(r"\[@(\w+)\]", sentence)} <= known


def test_the_text_names_conventions(net: Subject) -> None:
    text = methods_text([net])
    assert "seed 0" in text
    assert "readout left out (dense last block hidden2-output)" in text
    assert "without percolation" in text
    assert "{" not in text


def test_sentences_and_places_are_of_measures_that_exist() -> None:
    names = set(MEASURES) | set(TRAJECTORY_MEASURES)
    assert set(SENTENCES) <= names
    assert placed() <= names
