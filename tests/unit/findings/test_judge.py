"""Findings on runs whose truth is known."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from evolving import snapshots

from sparsegraph.errors import SparseGraphError, UnknownNameError
from sparsegraph.evolution.cohorts import cohorts_of
from sparsegraph.findings.arms import arm
from sparsegraph.findings.claim import Claim, Finding
from sparsegraph.findings.evidence import evidence_of
from sparsegraph.findings.judge import findings_of, rows_of, verdict_on
from sparsegraph.findings.laboratory import Laboratory
from sparsegraph.findings.moments import FIRST, LAST, change, trend
from sparsegraph.findings.named_quantities import AAE, ACCURACY, anp
from sparsegraph.findings.quantities import Measured, Quantity
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.statistics import Across, Difference, Of, Statistic
from sparsegraph.findings.verdict import Part, Verdict
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.measures.degree import degree
from sparsegraph.papers.titles import EPOCHS
from sparsegraph.report.console import plain_text
from sparsegraph.report.findings import csv_text, findings_page, markdown_text

Trained = Callable[..., Path]

ESML, SET = arm("esml-esml"), arm("esml-set")
RISE = [0.5, 0.8, 0.9]


def seeds(trained: Trained, profile: str, *last: float, data: str = "mnist", n_epochs: int = 3) -> list[Path]:
    """A run for each last accuracy."""
    early = [0.1] * (n_epochs - 1)
    return [trained(profile, [*early, value], seed=seed, data=data) for seed, value in enumerate(last)]


def only(runs: list[Path], name: str) -> Verdict:
    return findings_of(runs, only=[name])[0]


def part(runs: list[Path], quantity: Quantity, statistic: Statistic, rule: Rule) -> Part:
    finding = Finding("X", "a claim", "002", "text", (Claim(quantity, statistic, rule),))
    return verdict_on(finding, evidence_of(runs), Laboratory()).parts[0]


def test_what_runs_say_is_found_with_its_scale(trained: Trained) -> None:
    runs = seeds(trained, "esml-esml", 0.95, 0.96, 0.97) + seeds(trained, "esml-set", 0.90, 0.90, 0.91)
    verdict = only(runs, "F03")
    assert (verdict.verdict, verdict.label, verdict.scale) == ("supported", "supported (quick)", "quick")
    assert verdict.scale_words == "quick: 3 of 250 epochs"
    assert verdict.sentence.startswith("Supported (quick): test accuracy: ESML less SET is +5.67 ± 0.33 points")
    row = rows_of([verdict])[0]
    assert (row["id"], row["ours"], row["n"], row["paper"]) == ("F03", "+5.67 ± 0.33 points", 3, "plot")


def test_nets_that_learned_nothing_are_told(trained: Trained) -> None:
    runs = seeds(trained, "esml-esml", 0.95, 0.96, 0.97) + seeds(trained, "esml-set", 0.90, 0.105, 0.098)
    found = only(runs, "F03").parts[0]
    assert found.at_chance == ("mnist: 2 of 3 nets of SET",)
    other = seeds(trained, "esml-esml", 0.2, data="mine.npz") + seeds(trained, "esml-set", 0.1, data="mine.npz")
    assert only(other, "F03").parts[0].at_chance == ()  # of how many classes is not known
    assert "- no better than chance, F03: mnist: 2 of 3 nets of SET" in markdown_text([only(runs, "F03")]).splitlines()
    assert csv_text([only(runs, "F03")]).splitlines()[1].endswith("mnist: 2 of 3 nets of SET")
    page = plain_text(findings_page([only(runs, "F03")]))
    assert "F03  mnist: 2 of 3 nets of SET" in page
    assert "data: MNIST\n" in page
    assert "data: mine.npz; no paper has mine.npz" in plain_text(findings_page([only(other, "F03")]))


@pytest.mark.parametrize(
    "told", [{"n_classes": "ten"}, {"n_classes": -3}, {"n_classes": True}, {"samples": {"test": None}}]
)
def test_chance_is_that_of_the_name_where_a_configuration_tells_nonsense(
    told: dict[str, object], tmp_path: Path
) -> None:
    for profile, accuracy in (("esml-esml", 0.5), ("esml-set", 0.1)):
        config = {"request": {"profile": profile, "seed": 0}, "data": {"name": "mnist", **told}}
        with RunWriter.create(tmp_path / profile, config) as writer:
            writer.history({"epoch": 1, "step": 1, "test": {"accuracy": accuracy}})
    assert only([tmp_path / "esml-esml", tmp_path / "esml-set"], "F03").parts[0].at_chance == (
        "mnist: 1 of 1 nets of SET",
    )


def test_runs_as_long_as_the_papers_are_full_scale(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EPOCHS, "esml", 3)
    runs = seeds(trained, "esml-esml", 0.9, 0.9, 0.9) + seeds(trained, "esml-set", 0.8, 0.81, 0.8)
    assert only(runs, "F03").label == "supported"


def test_the_other_way_round_it_is_contradicted(trained: Trained) -> None:
    runs = seeds(trained, "esml-set", 0.95, 0.96, 0.97) + seeds(trained, "esml-esml", 0.90, 0.90, 0.91)
    assert only(runs, "F03").label == "contradicted (quick)"


@pytest.mark.parametrize(("ours", "side"), [(0.95, "for"), (0.85, "against")])
def test_one_seed_tells_a_side_and_no_more(trained: Trained, ours: float, side: str) -> None:
    verdict = only(seeds(trained, "esml-esml", ours) + seeds(trained, "esml-set", 0.9), "F03")
    assert (verdict.verdict, verdict.is_indicative) == ("inconclusive", True)
    assert verdict.label == f"indicative: {side} (quick)"
    assert "1 seed, 3 needed" in verdict.sentence


def test_methods_are_paired_by_seed(trained: Trained) -> None:
    """Seeds differ far more than methods do; a difference that ignored them would see nothing."""
    runs = seeds(trained, "esml-esml", 0.51, 0.71, 0.91) + seeds(trained, "esml-set", 0.50, 0.70, 0.90)
    found = part(runs, ACCURACY, Difference((ESML, SET)), Rule(above=0))
    assert (found.verdict, round(found.value or 0, 12)) == ("supported", 0.01)


def test_only_seeds_and_data_that_both_have_count(trained: Trained) -> None:
    runs = seeds(trained, "esml-esml", 0.9, 0.9, 0.9, 0.9) + seeds(trained, "esml-set", 0.8, 0.8)
    runs += seeds(trained, "esml-esml", 0.9, data="fashion-mnist")
    found = part(runs, ACCURACY, Difference((ESML, SET)), Rule(above=0))
    assert [(one.data, one.seeds) for one in found.per_data] == [("mnist", (0, 1))]


def test_three_seeds_go_before_longer_runs_which_are_told(trained: Trained, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EPOCHS, "esml", 5)
    runs = [
        path
        for profile, last in (("esml-esml", 0.9), ("esml-set", 0.8))
        for path in (*seeds(trained, profile, last, last, last), *seeds(trained, profile, last, n_epochs=5))
    ]
    found = part(runs, ACCURACY, Difference((ESML, SET)), Rule(above=0))
    assert (found.verdict, found.scale_words, found.n) == ("supported", "quick: 3 of 5 epochs", 3)
    assert found.notes == ("full: 5 epochs (1 seed): +10.00 points, on the claimed side",)


def test_histories_of_different_lengths_are_cut_to_the_shorter(trained: Trained) -> None:
    runs = [trained("esml-esml", [0.5, 0.6, 0.7, 0.99], seed=seed) for seed in range(3)]
    runs += [trained("esml-set", [0.5, 0.5], seed=seed) for seed in range(3)]
    found = part(runs, ACCURACY, Difference((ESML, SET)), Rule(above=0))
    assert round(found.value or 0, 12) == 0.1
    assert "mnist: runs of 2 and 4 epochs, compared after 2" in found.notes
    area = part(runs, AAE, Difference((ESML, SET)), Rule(above=0))
    assert round(area.value or 0, 12) == 0.05


def test_snapshots_of_different_lengths_are_not_compared(trained: Trained) -> None:
    runs = [trained("esml-esml", RISE, seed=seed, n_snapshots=3) for seed in range(3)]
    runs += [trained("esml-set", [*RISE, 0.9], seed=seed, n_snapshots=3) for seed in range(3)]
    links = Measured("links", "sparsity", "n_links")
    found = part(runs, links, Difference((ESML, SET)), Rule(above=-1))
    assert (found.verdict, found.reason) == ("inconclusive", "the runs are of different lengths (3, 4 epochs)")


def test_a_measure_is_followed(trained: Trained) -> None:
    runs = [trained("esml-esml", RISE, seed=seed, n_snapshots=5) for seed in range(3)]
    expected = [degree(list(snapshots(5, seed))[-1].graph).hidden.total.maximum for seed in range(3)]  # type: ignore[union-attr]
    largest = Measured("largest degree", "degree", "hidden.total.maximum")
    found = part(runs, largest, Of((ESML,)), Rule(above=0))
    assert found.value == pytest.approx(sum(expected) / 3)
    links = Measured("links", "sparsity", "n_links", trend())
    assert part(runs, links, Of((ESML,)), Rule(below=1)).value == 0.0  # every update keeps their number


def test_moments_of_a_history(trained: Trained) -> None:
    runs = [trained("esml-esml", [0.1] * 4, seed=seed, anp=[1.0, 0.5, 0.4, 0.3]) for seed in range(3)]
    for moment, expected in ((FIRST, 1.0), (LAST, 0.3), (change(0.5), -0.2), (trend(), -1.0)):
        assert part(runs, anp(moment), Of((ESML,)), Rule(above=9)).value == pytest.approx(expected)


def test_an_option_is_ranked_over_its_runs(trained: Trained) -> None:
    runs = [
        trained("cht-cht", [0.1, accuracy], seed=seed, learning_rate=rate)
        for rate, accuracy in ((0.0001, 0.2), (0.01, 0.6), (0.001, 0.5))
        for seed in range(3)
    ]
    across = Across((arm("cht-cht"),), "learning_rate")
    assert part(runs, ACCURACY, across, Rule(above=0)).value == pytest.approx(1.0)
    assert part(runs[:6], ACCURACY, across, Rule(above=0)).verdict == "not run"


def test_an_option_is_ranked_on_each_data_set_over_its_own_values(trained: Trained) -> None:
    rates = {"mnist": (0.0001, 0.001, 0.01), "fashion-mnist": (0.001, 0.01, 0.1)}
    runs = [
        trained("cht-cht", [0.1, 0.2 + 0.1 * place], seed=seed, data=data, learning_rate=rate)
        for data, several in rates.items()
        for place, rate in enumerate(several)
        for seed in range(3)
    ]
    found = part(runs, ACCURACY, Across((arm("cht-cht"),), "learning_rate"), Rule(above=0))
    assert [(one.data, one.value) for one in found.per_data] == [("mnist", 1.0), ("fashion-mnist", 1.0)]


def test_values_of_other_units_and_lengths_are_not_ranked_among_the_rest(trained: Trained) -> None:
    several = [("3 epochs", 0.7), ("1 epoch", 0.5), ("2 epochs", 0.6), ("800 steps", 0.1)]
    runs = [
        trained("cht-cht", [0.1, value], seed=seed, update_every=every) for every, value in several for seed in range(3)
    ]
    runs += [trained("cht-cht", [0.1] * 3, seed=seed, update_every="5 epochs") for seed in range(3)]  # trained longer
    found = part(runs, ACCURACY, Across((arm("cht-cht"),), "update_every"), Rule(above=0))
    assert found.value == pytest.approx(1.0)
    assert part(runs[3:], ACCURACY, Across((arm("cht-cht"),), "update_every"), Rule(above=0)).verdict == "not run"


def test_a_whole_number_and_a_float_are_one_setting(trained: Trained) -> None:
    runs = [trained("chts-chts", [0.1, 0.5], seed=seed, beta=beta) for seed, beta in enumerate((1, 1.0, 1))]
    for value in (1, 1.0):
        found = part(runs, ACCURACY, Of((arm("chts-chts", beta=value),)), Rule(above=0))
        assert (found.verdict, found.n_seeds) == ("supported", 3)
    (cohort,) = cohorts_of(runs).cohorts
    assert (cohort.seeds, cohort.label) == ((0, 1, 2), "CHTs, beta 1")


def test_a_run_that_cannot_be_measured_does_not_silence_the_others(trained: Trained) -> None:
    curves = [[0.5, 0.6, 0.7]] * 3
    runs = [trained("esml-esml", curve, seed=seed, n_snapshots=4) for seed, curve in enumerate(curves)]
    runs += seeds(trained, "esml-esml", 0.9, 0.9, 0.9, data="fashion-mnist")  # without a snapshot
    largest = Measured("largest degree", "degree", "hidden.total.maximum")
    found = part(runs, largest, Of((ESML,)), Rule(above=0))
    assert (found.verdict, found.n_seeds, [one.data for one in found.per_data]) == ("supported", 3, ["mnist"])
    assert sum("cannot be followed" in note for note in found.notes) == 3


def test_what_differs_in_an_option_is_another_method(trained: Trained) -> None:
    runs = [trained("cht-cht", [0.1, 0.5], seed=seed, start="er") for seed in range(3)]
    assert part(runs, ACCURACY, Of((arm("cht-cht"),)), Rule(above=0)).verdict == "not run"
    assert part(runs, ACCURACY, Of((arm("cht-cht", start="er"),)), Rule(above=0)).verdict == "supported"


def test_the_profiles_own_sparsity_is_no_difference(trained: Trained) -> None:
    runs = [trained("chts-cht", [0.1, 0.5], seed=seed, sparsity=0.99) for seed in range(3)]
    runs += [trained("chts-cht", [0.1, 0.2], seed=seed, sparsity=0.999) for seed in range(3)]
    found = part(runs, ACCURACY, Of((arm("chts-cht"),)), Rule(above=0))
    assert (found.verdict, found.value) == ("supported", 0.5)


def test_any_run_may_lend_its_topology(trained: Trained) -> None:
    runs = [trained("chts-sst", [0.1, 0.5], seed=seed, topology=f"chts-{seed}") for seed in range(3)]
    found = part(runs, ACCURACY, Of((arm("chts-sst"),)), Rule(above=0))
    assert (found.verdict, found.words) == ("supported", "test accuracy: static")


def test_unfinished_runs_and_second_copies_are_left_out(trained: Trained) -> None:
    whole, half = trained("esml-esml", RISE), trained("esml-esml", RISE, seed=1, asked=10)
    found = evidence_of([whole, whole, half])
    assert [member.seed for member in found.members] == [0]
    assert [reason for _, reason in found.left_out] == ["seed 0 is there already", "not finished: 3 of 10 epochs"]


def test_an_undefined_number_leaves_its_seed_out(trained: Trained) -> None:
    runs = seeds(trained, "esml-esml", 0.9, 0.9, 0.9)
    missing = Measured("largest degree", "degree", "hidden.total.maximum")
    found = part(runs, missing, Of((ESML,)), Rule(above=0))  # no snapshot in these runs
    assert found.verdict == "not run"
    assert "cannot be followed" in found.reason
    assert found.reason.endswith("(2 more like this)")


def test_without_runs_only_generators_are_judged() -> None:
    found = findings_of(only=["F52", "F03", "F58"])
    assert [one.verdict == "not run" for one in found] == [False, True, True]
    assert found[1].sentence == "Not run: needs runs of esml-esml, esml-set."
    assert "GPU" in found[2].sentence


def test_data_that_are_not_there_are_named(tmp_path: Path) -> None:
    verdict = findings_of(only=["F60"], data_dir=tmp_path)[0]
    assert verdict.verdict == "not run"
    assert "MNIST" in verdict.sentence


def test_wrong_names_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="no finding named 'F99'"):
        findings_of(only=["F99"])
    with pytest.raises(SparseGraphError):
        findings_of(tmp_path / "nowhere")
