"""Following runs: the table, its caching, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sparsegraph.errors import DataError, LoadError, SparseGraphError, UnknownNameError
from sparsegraph.evolution import work
from sparsegraph.evolution.follow import follow
from sparsegraph.evolution.histories import histories
from sparsegraph.evolution.method import method_of
from sparsegraph.evolution.table import COLUMNS
from sparsegraph.io.runs.run import open_run
from sparsegraph.measures.catalogue import measure, number_at

Written = Callable[..., Path]
THREE = ["degree", "kshell", "activity"]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the measures of snapshots, one each time that one is really taken in this process."""
    taken: list[str] = []
    original = work.measure

    def counting(graph: Any, name: str, **keywords: Any) -> Any:
        taken.append(name)
        return original(graph, name, **keywords)

    monkeypatch.setattr(work, "measure", counting)
    return taken


def series(table: pd.DataFrame, field: str) -> list[float]:
    return table[table["field"] == field].sort_values("snapshot")["value"].tolist()


def test_the_table_is_tidy_and_holds_what_the_measures_say(written: Written) -> None:
    run = open_run(written(seed=3))
    table = follow(run, THREE)
    assert list(table.columns) == list(COLUMNS)
    assert table.dtypes.astype(str).to_dict() == COLUMNS
    # three main numbers of degree, two each of k-shell and activity, at seven snapshots
    assert len(table) == 7 * (3 + 2 + 2)
    assert not table.duplicated(["run", "snapshot", "measure", "layer", "field"]).any()
    assert set(table["run"]) == {str(run.path)}
    assert (set(table["recipe"]), set(table["seed"])) == ({"random"}, {3})
    ours = [number_at(measure(s.graph, "degree"), "hidden.total.variance") for s in run.topology]
    assert series(table, "hidden.total.variance") == ours
    assert len(set(ours)) > 1
    last = table[table["snapshot"] == 6].iloc[0]
    assert (last["update"], last["epoch"], last["step"]) == (6, 6, 60)  # as the snapshots were written


def test_all_fields_have_the_same_form(written: Written) -> None:
    run = open_run(written(n=2))
    table = follow(run, ["degree", "sparsity"], fields="all")
    assert table.dtypes.astype(str).to_dict() == COLUMNS
    assert not table.duplicated(["snapshot", "measure", "layer", "field"]).any()
    by_layer = table[(table["snapshot"] == 1) & (table["field"] == "per_layer.total.mean")]
    result = measure(run.topology[1].graph, "degree")
    assert by_layer.set_index("layer")["value"].to_dict() == {
        layer.layer: layer.total.mean for layer in result.per_layer
    }
    main = follow(run, ["degree", "sparsity"])
    both = table.merge(main, on=["snapshot", "measure", "layer", "field"])
    assert len(both) == len(main)
    assert (both["value_x"] == both["value_y"]).all()


def test_what_depends_on_weights_is_undefined_where_there_are_none(written: Written) -> None:
    run = open_run(written(n=4))
    of_masks = follow(run, "degree", snapshots="topology", fields="all")
    strength = of_masks[of_masks["field"].str.contains("strength")]
    assert len(strength) > 0
    assert strength["value"].isna().all()
    assert set(strength["undefined"]) == {"topology snapshots have no weights"}
    with_weights = follow(run, "degree", snapshots="weights", fields="all")
    found = with_weights[with_weights["field"] == "hidden.strength.mean"]
    assert found["snapshot"].tolist() == [0, 3]
    assert found["value"].tolist() == [measure(s.graph, "degree").hidden.strength.mean for s in run.snapshots]


def test_each_measure_is_taken_of_the_snapshots_that_it_needs(written: Written) -> None:
    run = written()
    table = follow(run, ["rank", "degree"])
    assert table[table["measure"] == "rank"]["snapshot"].unique().tolist() == [0, 3, 6]
    assert table[table["measure"] == "degree"]["snapshot"].unique().tolist() == list(range(7))
    shutil.rmtree(run / "topology")
    assert follow(run, "degree")["snapshot"].unique().tolist() == [0, 3, 6]


def test_a_measure_of_weights_is_refused_where_there_are_none(written: Written) -> None:
    run = written()
    with pytest.raises(SparseGraphError, match=r"rank needs weights, which topology snapshots lack"):
        follow(run, "rank", snapshots="topology")
    shutil.rmtree(run / "snapshots")
    with pytest.raises(SparseGraphError, match=r"a run without a snapshot with weights; rank"):
        follow(run, "rank")


def test_every_so_many_and_the_last(written: Written) -> None:
    run = written(n=9)
    assert follow(run, "kshell", every=3)["snapshot"].unique().tolist() == [0, 3, 6, 8]
    assert follow(run, "kshell", every=4)["snapshot"].unique().tolist() == [0, 4, 8]
    assert follow(run, "kshell", every=99)["snapshot"].unique().tolist() == [0, 8]


def test_two_processes_find_what_one_finds(written: Written) -> None:
    runs = [written("a", 20, 0), written("b", 20, 1)]
    names = ["powerlaw", "rank", "kendall"]
    alone = follow(runs, names, cache=False, options={"replicas": 20})
    together = follow(runs, names, cache=False, options={"replicas": 20}, n_jobs=2)
    pd.testing.assert_frame_equal(alone, together)
    assert alone["run"].unique().tolist() == [str(run) for run in runs]
    assert alone["measure"].unique().tolist() == names


def test_a_second_table_measures_nothing(written: Written, measured: list[str], tmp_path: Path) -> None:
    run = written()
    first = follow(run, THREE)
    assert len(measured) == 7 * 3
    pd.testing.assert_frame_equal(follow(run, THREE), first)
    follow(run, THREE, fields="all", every=2)  # the same numbers, other rows of them
    moved = tmp_path / "moved"
    run.rename(moved)
    assert series(follow(moved, THREE), "anp_rate") == series(first, "anp_rate")
    assert len(measured) == 7 * 3


def test_only_what_is_new_is_measured(written: Written, measured: list[str]) -> None:
    run = written()
    follow(run, "degree", every=2)
    assert len(measured) == 4
    follow(run, "degree")
    assert len(measured) == 7
    follow(run, ["degree", "kshell"])
    assert measured[7:] == ["kshell"] * 7


def test_options_and_seeds_change_what_is_looked_for(written: Written, measured: list[str]) -> None:
    run = written(n=2)
    follow(run, "powerlaw", options={"replicas": 10})
    follow(run, "powerlaw", options={"replicas": 11})
    follow(run, "powerlaw", options={"replicas": 11}, seed=1)
    follow(run, "powerlaw", options={"replicas": 11}, percolated=True)
    follow(run, "powerlaw", options={"replicas": 11}, snapshots="weights")
    assert len(measured) == 4 * 2 + 1
    follow(run, "kshell")
    follow(run, "kshell", seed=1)  # nothing random: the seed decides nothing
    assert measured[9:] == ["kshell"] * 2


def test_a_damaged_entry_is_measured_again(written: Written, measured: list[str], cache_folder: Path) -> None:
    run = written(n=3)
    first = follow(run, "degree")
    entries = sorted(path for path in cache_folder.rglob("*") if path.is_file())
    assert len(entries) == 3
    entries[0].write_bytes(b"")
    entries[1].write_bytes(entries[1].read_bytes()[:-7])
    entries[2].write_bytes(entries[0].read_bytes() + b"no such thing")
    measured.clear()
    pd.testing.assert_frame_equal(follow(run, "degree"), first)
    assert len(measured) == 3
    follow(run, "degree")
    assert len(measured) == 3


def test_what_was_measured_before_an_end_is_not_lost(
    written: Written, measured: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = written()
    whole = work._of_snapshot

    def dying(graph: Any, target: Any, settings: Any) -> Any:
        if target.heads[0].number == 4:
            raise KeyboardInterrupt
        return whole(graph, target, settings)

    with monkeypatch.context() as patch:
        patch.setattr(work, "_of_snapshot", dying)
        with pytest.raises(KeyboardInterrupt):
            follow(run, "degree")
    assert len(measured) == 4
    follow(run, "degree")
    assert len(measured) == 7


def test_without_a_cache_nothing_is_kept(written: Written, measured: list[str], cache_folder: Path) -> None:
    run = written(n=2)
    follow(run, "degree", cache=False)
    follow(run, "degree", cache=False)
    assert len(measured) == 4
    assert not cache_folder.exists()


def test_a_cache_may_lie_anywhere(written: Written, cache_folder: Path, tmp_path: Path) -> None:
    follow(written(n=2), "degree", cache=tmp_path / "beside")
    assert not cache_folder.exists()
    assert any(path.is_file() for path in (tmp_path / "beside").rglob("*"))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SparseGraphError, match="no folder for the cache can be made"):
        follow(written("other", 2), "degree", cache=tmp_path / "file" / "inside")


def test_progress_counts_what_is_there(written: Written) -> None:
    told: list[tuple[int, int]] = []
    run = written(n=5)
    follow(run, ["degree", "kshell"], progress=lambda done, total: told.append((done, total)))
    assert told[0] == (0, 10)
    assert told[-1] == (10, 10)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    told.clear()
    follow(run, ["degree", "kshell"], progress=lambda done, total: told.append((done, total)))
    assert told == [(10, 10)]


def test_measures_of_trajectories_have_a_row_for_each_step(written: Written) -> None:
    run = open_run(written(n=6))
    table = follow(run, ["kendall", "turnover"], options={"n_snapshots": 6})
    steps = table[table["field"] == "hidden.consecutive"]
    assert steps["snapshot"].tolist() == [1, 2, 3, 4, 5]
    assert steps["step"].tolist() == [10, 20, 30, 40, 50]
    from sparsegraph.measures.trajectory.catalogue import measure_trajectory

    result = measure_trajectory(run.topology, "kendall", n_snapshots=6)
    assert steps["value"].tolist() == list(result.hidden.consecutive)
    ends = table[table["field"] == "hidden.first_to_last"]
    assert (ends["snapshot"].tolist(), ends["value"].tolist()) == ([5], [result.hidden.first_to_last])
    assert series(table, "pooled.jaccard") == list(measure_trajectory(run.topology, "turnover").pooled.jaccard)


def test_a_cached_trajectory_is_not_walked_again(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    run = written(n=4)
    first = follow(run, "turnover")
    monkeypatch.setattr(work, "measure_trajectory", None)
    pd.testing.assert_frame_equal(follow(run, "turnover"), first)
    follow(run, "turnover", every=2)  # the same numbers, fewer rows of them
    with pytest.raises(TypeError):
        follow(run, "kendall", every=2)  # other snapshots are another trajectory


def test_what_single_updates_do_is_measured_on_all_and_thinned_in_the_table(written: Written) -> None:
    run = written(n=9)
    names = ["turnover", "exploration", "link_survival"]
    whole, thin = follow(run, names), follow(run, names, every=3)
    assert set(thin["snapshot"]) == {0, 3, 6, 8}
    kept = whole[whole["snapshot"].isin([0, 3, 6, 8])].reset_index(drop=True)
    pd.testing.assert_frame_equal(thin, kept)
    assert thin[thin["field"] == "pooled.overlap"]["value"].notna().all()


@pytest.mark.parametrize(
    ("request_", "called"),
    [
        ({"profile": "esml-set", "seed": 1}, "esml-set"),
        ({"profile": "esml-set", "seed": 1, "threads": 4, "zeta": None}, "esml-set"),
        ({"profile": "esml-set", "seed": 1, "regrowth": "gradient"}, "esml-set regrowth=gradient"),
        ({"profile": "cht", "data": "fashion-mnist", "hidden": "9x3"}, "cht data=fashion-mnist hidden=9x3"),
    ],
)
def test_the_recipe_says_what_was_asked_to_differ(request_: dict[str, Any], called: str) -> None:
    found = method_of({"request": request_})
    assert (found.called, found.seed) == (called, request_.get("seed"))


def test_what_cannot_be_followed_is_refused(written: Written, tmp_path: Path) -> None:
    run = written(n=2)
    with pytest.raises(UnknownNameError, match="did you mean degree"):
        follow(run, "degre")
    with pytest.raises(DataError, match="no measure to follow"):
        follow(run, [])
    with pytest.raises(SparseGraphError, match="no run to follow"):
        follow([], "degree")
    with pytest.raises(SparseGraphError, match="named twice"):
        follow([run, open_run(run)], "degree")
    with pytest.raises(LoadError, match="no such folder"):
        follow(tmp_path / "nothing", "degree")
    with pytest.raises(LoadError, match="a file; give the folder of a run"):
        follow(run / "config.json", "degree")
    with pytest.raises(DataError, match="'replicas'; known are: none"):
        follow(run, "degree", options={"replicas": 5})
    with pytest.raises(DataError, match="every is 0"):
        follow(run, "degree", every=0)
    with pytest.raises(DataError, match="n_jobs is 0"):
        follow(run, "degree", n_jobs=0)
    with pytest.raises(DataError, match=r"snapshots is 'masks'; it must be auto or topology or weights"):
        follow(run, "degree", snapshots="masks")  # type: ignore[arg-type]


def test_a_damaged_snapshot_is_named(written: Written) -> None:
    run = written(n=4)
    damaged = run / "topology" / "000002.npz"
    damaged.write_bytes(damaged.read_bytes()[:-30])
    with pytest.raises(LoadError, match=r"000002\.npz"):
        follow(run, "degree")


def test_raw_masks_are_not_followed_under_the_name_of_percolated_ones(written: Written) -> None:
    with pytest.raises(DataError, match="kendall follows the raw masks, not percolated graphs"):
        follow(written(n=2), ["degree", "kendall"], percolated=True)


def test_the_history_is_followed_beside_the_measures(written: Written) -> None:
    runs = [written("a", 3, 0), written("b", 3, 1)]
    for run in runs:
        records = [{"epoch": epoch, "test": {"accuracy": epoch / 4}, "links": {"fc1": 30}} for epoch in (1, 2)]
        (run / "history.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    table = follow(runs, ["degree", "history", "kshell"])
    assert table.dtypes.astype(str).to_dict() == COLUMNS
    groups = table[["run", "measure"]].drop_duplicates().values.tolist()
    assert groups == [[str(run), name] for run in runs for name in ("degree", "history", "kshell")]
    noted = table[(table["measure"] == "history") & (table["run"] == str(runs[0]))]
    assert noted[["epoch", "field", "value"]].values.tolist() == [[1, "test.accuracy", 0.25], [2, "test.accuracy", 0.5]]
    alone = follow(runs, "history", fields="all", every=9)
    assert set(alone["field"]) == {"test.accuracy", "links"}
    pd.testing.assert_frame_equal(alone, histories(runs))
    with pytest.raises(SparseGraphError, match="a run without a history; leave it out"):
        follow([*runs, written("c")], ["degree", "history"])
    with pytest.raises(DataError, match="'replicas'; known are: none"):
        follow(runs, "history", options={"replicas": 5})
