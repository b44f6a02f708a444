"""The scripts behind the analyses: a group is trained, kept and not trained again; capped laws find the truth."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
from tiny_runs import train_tiny

import sparsegraph as sg
from sparsegraph.evolution.cohorts import cohorts_of, member_of
from sparsegraph.evolution.histories import histories
from sparsegraph.graph.line import BlockState
from sparsegraph.graph.mask import LinkEvents, Mask
from sparsegraph.graph.trajectory import Snapshot
from sparsegraph.io.runs.listing import runs_in

ANALYSES = Path(__file__).resolve().parents[2] / "analyses"

SWEEP = """
[[sweep]]
[sweep.fixed]
data = "digits"
hidden = "30x2"
sparsity = 0.8
epochs = 3
[sweep.grid]
seed = [0, 1]
profile = ["esml-set"]

[[sweep]]
[sweep.fixed]
profile = "chts-sst"
data = "digits"
hidden = "30x2"
epochs = 3
topology = "esml-set_{data}_sparsity=0.8_hidden=30x2_epochs=3_seed{seed}"
[sweep.grid]
seed = [0]
"""


def script(path: str) -> ModuleType:
    if str(ANALYSES) not in sys.path:
        sys.path.append(str(ANALYSES))  # where a script that is run finds its neighbours
    spec = importlib.util.spec_from_file_location(Path(path).stem, ANALYSES / path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def train(analysis: Path, runs: Path) -> str:
    command = [sys.executable, str(ANALYSES / "train.py"), str(analysis), str(runs)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


class Group(NamedTuple):
    """A trained group: its folder, its runs, and what the script said."""

    analysis: Path
    runs: Path
    told: str


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    folder = tmp_path_factory.mktemp("group")
    analysis = folder / "group"
    analysis.mkdir()
    (analysis / "sweep.toml").write_text(SWEEP, encoding="utf-8")
    (analysis / "kept.toml").write_text('quarters = ["activity", "turnover"]\nends = ["rank"]\n', encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARSEGRAPH_CACHE", str(folder / "cache"))
        yield Group(analysis, folder / "runs", train(analysis, folder / "runs"))


def test_a_group_is_trained_kept_and_not_trained_again(group: Group, tmp_path: Path) -> None:
    analysis = group.analysis
    assert "3 runs, 3 to do" in group.told
    cells = pd.read_csv(analysis / "results" / "cells.csv")
    assert sorted(cells["profile"]) == ["chts-sst", "esml-set", "esml-set"]
    assert (cells["epochs"] == 3).all()
    history = pd.read_csv(analysis / "results" / "history.csv")
    assert (history.groupby("cell").size() == 3).all()
    last = history.groupby("cell")["accuracy"].last()
    assert last.to_dict() == pytest.approx(cells.set_index("cell")["accuracy"].to_dict())
    measures = pd.read_csv(analysis / "results" / "measures.csv")
    assert {"activity.anp_rate", "rank.sum.effective_rank", "turnover.pooled.overlap"} <= set(measures)
    kept = list((group.runs / ".kept").glob("esml-set*seed0/*.npz"))
    assert len(kept) == len({path.name for path in kept}) >= 2
    assert "3 runs, 0 to do" in train(analysis, tmp_path / "elsewhere")


def test_runs_come_back_from_the_tables_as_they_learned(group: Group, tmp_path: Path) -> None:
    command = [sys.executable, str(ANALYSES / "restore.py"), str(group.analysis), str(tmp_path)]
    told = [subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout for _ in range(2)]
    assert [text.split(", ")[1] for text in told] == ["3 restored", "0 restored"]
    first, second = (cohorts_of(runs_in(folder)) for folder in (group.runs, tmp_path))
    assert second.left_out == ()
    assert [(one.label, one.scale, one.seeds) for one in second.cohorts] == [
        (one.label, one.scale, one.seeds) for one in first.cohorts
    ]
    fields = ["test.accuracy", "test.loss", "train.loss", "anp.whole"]
    frames = [histories(runs_in(folder)) for folder in (group.runs, tmp_path)]
    order = ["run", "epoch", "field"]
    known = [frame[frame["field"].isin(fields)].sort_values(order) for frame in frames]
    assert [len(frame) for frame in known] == [36, 36]
    assert known[0]["value"].to_numpy() == pytest.approx(known[1]["value"].to_numpy(), rel=1e-4)


def test_a_random_start_is_a_draw_of_its_null_model(group: Group) -> None:
    tiers = ["--only", "esml-set", "--tiers", "quick"]
    command = [sys.executable, str(ANALYSES / "nulls.py"), str(group.analysis), str(group.runs), *tiers]
    for n_measured in (22, 0):  # two runs at five moments and a static one against two null models; then none is left
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
        assert len(told.splitlines()) == n_measured
    table = pd.read_csv(group.analysis / "results" / "nulls.csv")
    assert set(table["moment"]) == {"start", "1/4", "1/2", "3/4", "end"}
    start = table[(table["moment"] == "start") & (table["null"] == "er")]
    assert len(start["z"].dropna()) > 10
    assert (start["z"].dropna().abs() < 5).all()
    degree = table[(table["null"] == "degree") & (table["measure"] == "activity")]
    assert (degree["n_defined"] == 100).all()


def test_capped_laws_find_the_law_that_drew_the_degrees() -> None:
    capped = script("power_law_or_not/capped.py")
    rng = np.random.default_rng(0)
    k = np.arange(10, 501)
    power = k**-2.5 / (k**-2.5).sum()
    sample = rng.choice(k, 4000, p=power)
    fit = capped.fit_law("power_law", sample, 10, 500)
    assert fit.parameters[0] == pytest.approx(2.5, abs=0.08)
    others = [capped.fit_law(law, sample, 10, 500).aic for law in capped.LAWS if law != "power_law"]
    assert fit.aic < min(others) + 4
    assert capped.p_value(sample, fit, reselect=False, replicas=50, rng=rng) > 0.02
    steep = np.exp(-0.02 * k) / np.exp(-0.02 * k).sum()
    sample = rng.choice(k, 4000, p=steep)
    fit = capped.fit_law("power_law", sample, 10, 500)
    assert capped.fit_law("exponential", sample, 10, 500).parameters[0] == pytest.approx(0.02, rel=0.1)
    assert fit.aic > capped.fit_law("exponential", sample, 10, 500).aic + 100
    assert capped.p_value(sample, fit, reselect=False, replicas=50, rng=rng) == 0


def test_p_values_of_capped_power_laws_are_uniform() -> None:
    capped = script("power_law_or_not/capped.py")
    rng = np.random.default_rng(1)
    k = np.arange(5, 201)
    chances = k**-2.0 / (k**-2.0).sum()
    found = []
    for _ in range(60):
        sample = rng.choice(k, 200, p=chances)
        fit = capped.fit_law("power_law", sample, 5, 200)
        found.append(capped.p_value(sample, fit, reselect=False, replicas=40, rng=rng))
    assert 0.38 < np.mean(found) < 0.62  # four standard errors
    assert np.mean(np.array(found) <= 0.1) < 0.26


def test_the_overview_counts_orders_that_are_turned_round() -> None:
    overview = script("overview.py")
    rows = [("a", 1.0, 0.01, 9.0), ("b", 2.0, 0.01, 8.0), ("c", 3.0, 0.01, 10.0)]
    table = pd.DataFrame(
        [
            {"column": "x", "row": r, "ours": o, "standard_deviation": s, "n": 3, "paper": p, "paper_spread": 0.1}
            for r, o, s, p in rows
        ]
    )
    assert overview._orders(table) == (3, 1)  # of a and b alone the paper has the other order


def test_what_degrees_explain_is_told_moment_by_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = script("what_degrees_explain/table.py")
    cells = [f"{name}_seed{seed}" for name in ("esml-set_mnist", "esml-esml_mnist") for seed in (0, 1)]
    cells += [f"esml-set_mnist_regrowth=gradient_seed{seed}" for seed in (0, 1)] + ["esml-set_fashion-mnist_seed0"]
    rows = [
        {"cell": cell, "moment": moment, "epoch": 50 * place, "null": null, "z": 2.0 * place}
        | {"measure": measure, "number": number, "observed": 6.0 + place + int(cell[-1]), "null_mean": 6.0 + place / 2}
        for cell in cells
        for place, moment in enumerate(told.MOMENTS)
        for null in ("degree", "er")
        for measure, _, number in (name.partition(".") for name in told.SHOWN)
    ]
    results = tmp_path / "results"
    results.mkdir()
    pd.DataFrame(rows).to_csv(results / "nulls.csv", index=False)
    monkeypatch.setattr(told, "SOURCES", (tmp_path,))
    table = told.nulls()
    assert table.groupby("rule")["seed"].nunique().to_dict() == {"random": 2, "gradient": 2, "ch3-l3": 2}
    # the start is 6 and 7 for the two seeds, the end four more; nets with the same degrees go from 6 to 8
    assert "| log10 CAP | 6.5 ± 0.71 (+0; +0) | 10.5 ± 0.71 (+8; +8) |" in told.compared(table)
    assert "| log10 CAP | +4, of which +2 | +4, of which +2 | +4, of which +2 |" in told.explained(table)
    told.picture(table, tmp_path)
    assert (tmp_path / "quarters.png").stat().st_size > 10_000


def test_accuracy_between_two_epochs_counts_both() -> None:
    rows = [("a", epoch, 0.1 * epoch) for epoch in range(1, 6)] + [("short", epoch, 0.5) for epoch in (1, 2)]
    found = script("between.py").between(pd.DataFrame(rows, columns=["cell", "epoch", "accuracy"]), 2, 4)
    assert found.loc["a"].tolist() == pytest.approx([30, 10])  # 20, 30 and 40 %
    assert list(found.index) == ["a"]  # the other has but one of them


def test_a_neuron_that_lives_on_new_links_is_silent_before_the_regrowth() -> None:
    """Of two hidden neurons the second has one link in, which the last update regrew."""
    table = script("survival_of_the_most_connected/before_regrowth.py")
    nothing = np.zeros(0, np.int64)
    events = LinkEvents(removed=np.array([1]), percolated=nothing, regrown=np.array([3]))
    first = BlockState("fc1", Mask((2, 2), np.array([0, 3])), events=events)  # links 0-0 and 1-1, before 0-0 and 0-1
    after = Snapshot(1, (first, BlockState("fc2", Mask.complete((2, 1)))))
    before = table.without_regrown(after)
    assert [block.mask.positions.tolist() for block in before.blocks] == [[0], [0, 1]]
    assert (table.active_hidden(after), table.active_hidden(before)) == (1.0, 0.5)


def test_a_switched_net_is_compared_with_its_first_rule(tmp_path: Path) -> None:
    names = ("survival-random", "survival-random-to-gradient", "survival-gradient")
    members = [member_of(sg.open_run(train_tiny(name, tmp_path))) for name in names]
    (row,) = script("survival_accuracy_tables/switched.py").rows_of(members)
    there, here = (member.run.final for member in members[:2])
    links = [{(i, link) for i, mask in enumerate(one.masks) for link in mask.positions} for one in (here, there)]
    assert (row["profile"], row["seed"]) == ("survival-random-to-gradient", 0)
    assert row["active"] == sg.measure(here.graph, "activity", readout="include").anp_rate
    assert row["links_in_common"] == len(links[0] & links[1]) / len(links[0])
    assert 0 < row["links_kept_since_half"] < 1


def test_neurons_of_one_net_only_are_told_apart_by_strength(tmp_path: Path) -> None:
    final = sg.open_run(train_tiny("survival-random", tmp_path)).final
    first, second = (block.mask.shape[1] for block in final.blocks[:2])
    own = [np.ones(64, bool), np.arange(first) < 2, np.arange(second) < 1, np.ones(10, bool)]
    other = [np.ones(64, bool), np.arange(first) < 1, np.zeros(second, bool), np.ones(10, bool)]
    only, both = script("survival_accuracy_tables/switched.py").strengths(final, own, other)
    weights = [np.abs(block.mask.to_csr(block.weights).toarray()).sum(axis=0) for block in final.blocks]
    assert only == pytest.approx([weights[0][1], weights[1][0]])
    assert both == pytest.approx([weights[0][0]])


def test_a_net_is_told_by_its_accuracy_channels_and_weights(tmp_path: Path) -> None:
    one = member_of(sg.open_run(train_tiny("survival-random", tmp_path, seed=4)))
    row = script("survival_accuracy_tables/convnet_weights.py").row_of(one)
    assert (row["profile"], row["data"], row["seed"]) == ("survival-random", "digits", 4)
    assert row["accuracy"] == one.run.history[-1]["test"]["accuracy"]
    assert row["active_hidden"] == 1.0
    weights = np.concatenate([block.weights for block in one.run.final.blocks])
    assert row["weights_std"] == pytest.approx(weights.std(), rel=1e-3)


def test_every_row_of_the_matrix_is_on_its_page() -> None:
    """The page of question 6 is written by hand around what its script prints of CH3-L3 with removal by magnitude."""
    told = script("what_makes_it_percolate/table.py")
    page = (ANALYSES / "what_makes_it_percolate" / "README.md").read_text(encoding="utf-8").replace("**", "")
    table = told.means(told.policies())
    shown = table[(table["regrowth"] == "ch3_l3") & (table["by_sign"] == "False") & (table["epochs"] == 40)]
    blocks = [part for _, part in shown.groupby(list(told.BLOCK))]
    rows = [line for part in blocks for line in told.markdown(part).splitlines()]
    assert len(rows) > 25
    assert [row for row in rows if row not in page] == []


def test_the_tables_of_findings_hold_the_rules_of_the_catalogue() -> None:
    """What was judged is what would be judged now: each part with its words and its rule, at its scale."""
    from sparsegraph.findings.catalogue import FINDINGS, ids

    table = script("overview.py").findings()
    known = {
        (name, claim.words, rule.words(claim.statistic.unit(claim.quantity.kind)))
        for name in ids()
        for claim in FINDINGS[name].claims
        for rule in (claim.rule, claim.quick_rule)
        if rule is not None
    }
    judged = table[table["value"].notna() & ~table["words"].str.contains("rank correlation")]
    assert len(judged) > 100
    assert set(zip(judged["id"], judged["words"], judged["rule"], strict=True)) - known == set()
    assert set(ids()) - set(table["id"]) == {"F18"}  # which has nothing to judge
