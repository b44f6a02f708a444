"""The methods text and its references."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from importlib.resources import files
from typing import get_type_hints

import numpy as np
from graphs import erdos_renyi

from sparsegraph.evolution.plan import entry_of
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.measures.catalogue import MEASURES
from sparsegraph.measures.credit_paths import credit_paths
from sparsegraph.measures.modularity import modularity
from sparsegraph.measures.powerlaw import powerlaw
from sparsegraph.measures.small_world import small_world
from sparsegraph.measures.trajectory.catalogue import TRAJECTORY_MEASURES
from sparsegraph.papers.titles import PAPERS
from sparsegraph.perturb.curves import Curve, Mean, Robustness
from sparsegraph.report.html.methods import OF_OPTIONS, SENTENCES, bibtex, methods_text
from sparsegraph.report.html.subject import Subject
from sparsegraph.report.html.topics import placed
from sparsegraph.result import Result

MEAN = Mean(0.5, 0.0, 0.5, 0.5)


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


def test_sentences_name_fields_of_the_results() -> None:
    for name, sentence in SENTENCES.items():
        result = get_type_hints(entry_of(name).function)["return"]
        known = {field.name for field in fields(result)} | set(OF_OPTIONS)
        assert set(re.findall(r"\{(\w+)\}", sentence)) <= known, name


def test_every_measure_of_the_page_has_a_sentence() -> None:
    assert placed() - set(SENTENCES) == set()


def test_the_text_tells_all_that_the_page_of_a_run_shows(run: Subject) -> None:
    text = methods_text([run])
    assert run.course is not None
    assert "Compared with 3 draws of the null model degree (seed 0) were: " in text
    assert "input-output paths (CAP), path length; p-values" in text
    n = len(run.course.moments)
    assert f"raw masks of {n} out of {n} snapshots, power laws of {n}" in text
    curve = Curve("noise", "", "a convention", (0.0, 1.0), (MEAN, MEAN), MEAN, np.zeros((2, 7)))
    judged = Robustness(0.9, 0.1, 1234, 56, (curve,), "global", "readout left out", "relu", 3)
    told = methods_text([replace(run, robustness=judged)])
    assert "1,234 test images" in told
    assert "noise (a convention)" in told
    assert "repeated 7 times (seed 3" in told


def test_fewer_runs_against_a_null_model_are_said(run: Subject) -> None:
    part = run.report.parts[0]
    found = modularity(LayeredGraph.from_matrices([np.eye(3)]), rng=np.random.default_rng(0), n_runs=10)
    report = replace(run.report, parts=(replace(part, results={**part.results, "modularity": found}),))
    alike, lighter = (methods_text([replace(run, report=report, n_null_runs=n)]) for n in (None, 2))
    assert "In each draw communities were searched for in 10 runs, as in the network." in alike
    assert "communities were searched for in 2 runs, in the network and in each draw" in lighter


def test_judged_claims_are_told_where_there_are_any(net: Subject) -> None:
    assert "Claims of the papers" in methods_text([net], judged=True)
    assert "Claims of the papers" not in methods_text([net])


def test_what_holds_for_one_net_only_is_told_of_it(net: Subject, run: Subject) -> None:
    text = methods_text([net, run])
    assert f"{run.name}: Over the training" in text
    assert f"{net.name}: Over" not in text


def test_options_that_were_chosen_are_told_and_not_the_defaults(net: Subject) -> None:
    graph, rng = erdos_renyi((20, 30, 30), 0.2), np.random.default_rng(0)
    taken = {
        "credit_paths": credit_paths(graph, hub_share=0.1, hub_ranking="relative_importance"),
        "small_world": small_world(graph, rng=rng, n_null=2, null="er"),
        "powerlaw": powerlaw(graph, rng=rng, xmin=3, replicas=2),
    }

    def told(results: dict[str, Result], **options: object) -> str:
        parts = (replace(net.report.parts[0], results=results),)
        settings = replace(net.report.settings, options=options)
        return methods_text([replace(net, report=replace(net.report, parts=parts, settings=settings))])

    text = told(taken, xmin=3)
    assert "hubs are the top 0.1 of the intermediate neurons by relative_importance" in text
    assert "those of 2 twins with the same number of links in every block" in text
    assert "xmin being fixed at 3, with a semi-parametric bootstrap of 2 replicas" in text
    survival = told({"powerlaw": powerlaw(graph, rng=rng, rule="survival", replicas=2)})
    assert "xmin being fixed at 110, with a parametric bootstrap of the tail" in survival
    assert "minimising" in told({"powerlaw": powerlaw(graph, rng=rng, replicas=2)})
