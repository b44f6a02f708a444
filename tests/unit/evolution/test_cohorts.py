"""Runs by what they have in common but for their seed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sparsegraph.errors import LoadError
from sparsegraph.evolution.cohorts import Cohorts, cohorts_of, member_of
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter

Trained = Callable[..., Path]


@pytest.fixture
def trained(tmp_path: Path) -> Trained:
    """Writes what the trainer tells of a run: its request, the data and its epochs."""

    def write(profile: str, seed: int = 0, epochs: int = 3, data: str = "mnist", **changes: Any) -> Path:
        path = tmp_path / f"{profile}_{data}_{len(list(tmp_path.iterdir()))}"
        request = {"profile": profile, "seed": seed, "epochs": epochs, **changes}
        config = {"request": request, "profile": {"epochs": epochs}, "data": {"name": data}}
        with RunWriter.create(path, config) as writer:
            for epoch in range(1, epochs + 1):
                writer.history({"epoch": epoch, "test": {"accuracy": 0.5}})
        return path

    return write


def test_seeds_come_together_and_in_order(trained: Trained) -> None:
    paths = [trained("esml-set", seed) for seed in (2, 0, 1)]
    (cohort,) = cohorts_of(paths).cohorts
    assert cohort.seeds == (0, 1, 2)
    assert [Path(run.path) for run in cohort.runs] == [paths[1], paths[2], paths[0]]
    assert (cohort.profile, cohort.family, cohort.method, cohort.label) == ("esml-set", "esml", "set", "SET")
    assert (cohort.data, dict(cohort.changes)) == ("mnist", {})


def test_data_methods_and_changes_keep_apart(trained: Trained) -> None:
    paths = [
        trained("chts-chts"),
        trained("chts-cht"),
        trained("chts-chts", data="fashion-mnist"),
        trained("chts-chts", start="bsw", beta=0.25),
        trained("chts-chts", start="bsw", beta=0.5),
    ]
    found = cohorts_of(paths)
    assert len(found.cohorts) == 5
    assert found.data == ("mnist", "fashion-mnist")
    assert [one.data for one in found.select(["chts-cht", "chts-chts"])] == ["mnist", "mnist", "fashion-mnist"]
    assert [one.data for one in found.select(["chts-chts"], data="mnist")] == ["mnist"]
    assert [one.changes["beta"] for one in found.varied("chts-chts", "beta", "start")] == [0.25, 0.5]
    assert found.varied("chts-chts", "beta") == ()
    assert found.cohorts[3].label == "CHTs, start bsw, beta 0.25"


def test_each_length_is_a_cohort_and_quick_runs_are_of_the_same_kind(trained: Trained) -> None:
    full = [trained("sulyok-rlr", seed, epochs=6) for seed in (0, 1)]
    short = trained("sulyok-rlr-quick", 2, epochs=3)
    found = cohorts_of([short, *full])
    quick, longer = found.cohorts
    assert (longer.epochs, longer.seeds, longer.scale) == (6, (0, 1), "quick: 6 of 100 epochs")
    assert (quick.profile, quick.scale, quick.is_full) == ("sulyok-rlr", "quick: 3 of 100 epochs", False)
    assert quick.kind == longer.kind
    assert found.alike().cohorts == (longer,)


def test_runs_are_compared_at_the_length_that_most_have(trained: Trained) -> None:
    both = [trained("chts-chts", epochs=epochs) for epochs in (6, 3)]
    short = [trained("chts-chts-ri", epochs=3), trained("chts-chts-ri-soft", epochs=3)]
    long = [trained(profile, epochs=6) for profile in ("chts-cht", "chts-set")]
    found = cohorts_of([*both, *short, *long])

    def length(*profiles: str) -> list[int]:
        alike = found.alike(lambda one: one.profile in profiles)
        return [one.epochs for one in alike.select(["chts-chts"])]

    assert length("chts-chts", "chts-cht", "chts-set") == [6]
    assert length("chts-chts", "chts-chts-ri", "chts-chts-ri-soft") == [3]
    elsewhere = cohorts_of([*both, trained("chts-cht", epochs=3, data="fashion-mnist")])
    assert [one.epochs for one in elsewhere.alike(lambda one: True).select(["chts-chts"])] == [6]  # of other data


def test_a_seed_counts_once(trained: Trained) -> None:
    first, again = trained("esml-set", 1), trained("esml-set", 1)
    found = cohorts_of([first, again])
    assert [Path(run.path) for run in found.cohorts[0].runs] == [first]
    assert found.left_out == ((str(again), "seed 1 is there already"),)


def test_runs_without_an_epoch_are_left_out_and_named(trained: Trained) -> None:
    path = trained("esml-set", epochs=0)
    found = cohorts_of([path])
    assert (found.cohorts, found.left_out) == ((), ((str(path), "not an epoch is done"),))


def test_a_stopped_run_is_not_one_of_fewer_epochs(tmp_path: Path) -> None:
    for name, planned in (("stopped", 4), ("short", 2)):
        with RunWriter.create(tmp_path / name, {"recipe": "set", "seed": 0, "profile": {"epochs": planned}}) as writer:
            for epoch in (1, 2):
                writer.history({"epoch": epoch, "test": {"accuracy": 0.5}})
    found = cohorts_of([tmp_path / "stopped", tmp_path / "short"])
    assert [Path(run.path).name for one in found.cohorts for run in one.runs] == ["short"]
    assert found.left_out_words == "1 (not finished: 2 of 4 epochs)"


def test_what_the_profile_says_anyway_is_no_change(trained: Trained) -> None:
    asked = trained("chts-chts", 0, sparsity=0.99, threads=2, start=None)
    plain = trained("chts-chts", 1)
    sparser = trained("chts-chts", 2, sparsity=0.999)
    found = cohorts_of([asked, plain, sparser])
    assert [dict(one.changes) for one in found.cohorts] == [{}, {"sparsity": 0.999}]
    assert found.cohorts[0].seeds == (0, 1)
    assert dict(cohorts_of([trained("set", sparsity=0.99)]).cohorts[0].changes) == {"sparsity": 0.99}


def test_the_profiles_own_sparsity_is_the_profile_at_any_length(trained: Trained) -> None:
    full = trained("cht-cht", epochs=6)
    series = [trained("cht-cht", epochs=3, sparsity=sparsity) for sparsity in (0.999, 0.99, 0.9)]
    found = cohorts_of([full, *series])
    assert [one.changes["sparsity"] for one in found.varied("cht-cht", "sparsity")] == [0.999, 0.9]
    assert [one.epochs for one in found.select(["cht-cht"])] == [6, 3]


def test_topologies_of_other_runs_are_named_by_no_place(trained: Trained) -> None:
    static = [trained("chts-sst", seed, topology=f"/home/someone/runs/seed{seed}") for seed in (0, 1)]
    given = trained("static", topology="/home/someone/runs/seed0")
    found = cohorts_of([*static, given])
    assert [(one.profile, one.seeds, dict(one.changes)) for one in found.cohorts] == [
        ("chts-sst", (0, 1), {}),
        ("static", (0,), {"topology": "given"}),
    ]


def test_full_length_is_the_papers(trained: Trained) -> None:
    (cohort,) = cohorts_of([trained("chts-dense", epochs=100)]).cohorts
    assert (cohort.is_full, cohort.scale, cohort.planned) == (True, "full: 100 epochs", 100)
    (own,) = cohorts_of([trained("set")]).cohorts
    assert (own.is_full, own.scale, own.planned, own.family, own.method) == (False, "3 epochs", None, None, "set")


def test_recorded_runs_tell_what_they_tell(tmp_path: Path) -> None:
    for name, config in (("mine", {"recipe": "own", "seed": 3, "data": "digits"}), ("bare", {})):
        with RunWriter.create(tmp_path / name, config) as writer:
            writer.history({"epoch": None, "test_accuracy": 0.5})
            writer.history({"epoch": None, "test_accuracy": 0.6})
    mine, bare = (member_of(open_run(tmp_path / name)) for name in ("mine", "bare"))
    assert (mine.profile, mine.data, mine.seed, dict(mine.changes), mine.epochs) == ("own", "digits", 3, {}, 2)
    assert (bare.profile, bare.data, bare.seed, bare.epochs, bare.asked) == ("bare", None, None, 2, 2)


def test_recorded_runs_without_a_seed_all_stay(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with RunWriter.create(tmp_path / name, {"recipe": "own"}) as writer:
            writer.history({"epoch": 1})
    (cohort,) = cohorts_of([tmp_path / "a", tmp_path / "b"]).cohorts
    assert len(cohort.runs) == 2
    assert cohort.seeds == (None, None)


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError):
        cohorts_of([tmp_path / "nothing"])
    assert cohorts_of([]) == Cohorts(())
