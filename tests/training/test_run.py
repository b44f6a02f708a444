"""Whole runs on small data: what the directory holds, that links are kept, that runs repeat and go on bit for bit."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from sparsegraph.data.load import load_data
from sparsegraph.errors import SparseGraphError
from sparsegraph.io.load import load
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.rng import rng_for
from sparsegraph.training.augmentation import CropAndFlip
from sparsegraph.training.compiled import CompiledMLP
from sparsegraph.training.epochs import Standing, train_epochs
from sparsegraph.training.given import given_topology
from sparsegraph.training.keeper import Keeper
from sparsegraph.training.observed import graph_of
from sparsegraph.training.rbm import SparseRBM
from sparsegraph.training.recorder import record
from sparsegraph.training.request import Request, resolve
from sparsegraph.training.run import RunOptions, Summary, is_finished, requested, train_run
from sparsegraph.training.starting import plan_for, start_engine, start_masks, start_weights
from sparsegraph.training.torch_engine import TorchEngine
from sparsegraph.training.train import train

SMALL = {"data": "digits", "hidden": "100x3", "sparsity": 0.9, "epochs": 4}
RECIPES = ["static", "set", "rlr-cr", "set-pm", "rigl", "snfs", "mest", "mest-ems", "esml", "ch3l3-no-cr", "chts"]
RECIPES += ["random-random"]
EVERY = RunOptions(snapshots_every=1)


class Stop(Exception):
    """Ends a run in the middle."""


class StopsAfter:
    """Progress that raises at an epoch."""

    def __init__(self, epoch: int, share: float = 0.0) -> None:
        self.epoch, self.share = epoch, share

    def began(self, title: str, n_epochs: int, epoch: int) -> None: ...

    def advanced(self, epoch: int, share: float) -> None:
        if epoch == self.epoch and share >= self.share:
            raise Stop

    def finished_epoch(self, record: dict[str, Any]) -> None: ...


def files(directory: Path) -> dict[str, bytes]:
    kept = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file() and path.name not in ("history.jsonl", "config.json"):
            kept[str(path.relative_to(directory))] = path.read_bytes()
    return kept


def history(directory: Path) -> list[dict[str, Any]]:
    return [{k: v for k, v in record.items() if k != "seconds"} for record in open_run(directory).history]


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_recipe_trains_keeps_its_links_and_is_recorded(recipe: str, tmp_path: Path) -> None:
    request = Request(recipe, seed=1, start="er" if recipe == "chts" else None, **SMALL)
    summary = train_run(request, tmp_path / "run", options=EVERY)
    run = open_run(tmp_path / "run")
    planned = [640, 1000, 1000, 1000]
    assert run.history[-1]["links"] == planned
    assert [b.mask.n_links for b in run.final.blocks] == planned
    assert run.history[-1]["test"]["accuracy"] > 0.3, summary.text
    assert run.final.step == 4 * run.config["steps_per_epoch"]
    assert len(run.topology) == (1 if recipe == "static" else 4)
    before = run.topology[0]
    for after in list(run.topology)[1:]:
        for old, new in zip(before.blocks[:-1], after.blocks[:-1], strict=True):
            assert new.events is not None
            lost = np.union1d(new.events.removed, new.events.percolated)
            now = np.union1d(np.setdiff1d(old.mask.positions, lost), new.events.regrown)
            np.testing.assert_array_equal(now, new.mask.positions)
        before = after


def test_same_seed_same_run_another_seed_another(tmp_path: Path) -> None:
    for name, seed in (("a", 0), ("b", 0), ("c", 1)):
        train_run(Request("chts", seed=seed, start="bsw", **SMALL), tmp_path / name, options=EVERY)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert history(tmp_path / "a") == history(tmp_path / "b")
    assert files(tmp_path / "a") != files(tmp_path / "c")


@pytest.mark.parametrize("recipe", ["set", "snfs", "esml", "chts", "mest"])
@pytest.mark.parametrize("stop", [(1, 0.0), (2, 1.0), (3, 0.3)])
def test_a_stopped_run_goes_on_bit_for_bit(recipe: str, stop: tuple[int, float], tmp_path: Path) -> None:
    request = Request(recipe, seed=2, start="er", update_every="20 steps", **SMALL)
    train_run(request, tmp_path / "whole", options=EVERY)
    with pytest.raises(Stop):
        train_run(request, tmp_path / "broken", options=EVERY, progress=StopsAfter(*stop))
    assert not is_finished(request, tmp_path / "broken")
    train_run(request, tmp_path / "broken", options=EVERY, resume=True)
    assert is_finished(request, tmp_path / "broken")
    assert files(tmp_path / "whole") == files(tmp_path / "broken")
    assert history(tmp_path / "whole") == history(tmp_path / "broken")


def test_dense_runs_resume_too(tmp_path: Path) -> None:
    request = Request("dense", data="digits", hidden="20", epochs=3)
    train_run(request, tmp_path / "whole")
    with pytest.raises(Stop):
        train_run(request, tmp_path / "broken", progress=StopsAfter(2))
    train_run(request, tmp_path / "broken", resume=True)
    assert files(tmp_path / "whole") == files(tmp_path / "broken")


def test_a_dense_net_can_be_pruned_after_training(tmp_path: Path) -> None:
    request = Request("dense-pruned", data="digits", hidden="40x2", sparsity=0.9, epochs=3)
    summary = train_run(request, tmp_path / "run")
    run = open_run(tmp_path / "run")
    dense, final = run.snapshots[-2], run.final
    assert final.meta["pruned_after"]["sparsity"] == pytest.approx(0.9)
    for before, after in zip(dense.blocks[:-1], final.blocks[:-1], strict=True):
        assert after.mask.n_links == round(0.1 * before.mask.n_possible)
        kept = before.mask.contains(after.mask.positions)
        assert kept.all()
        assert np.abs(after.weights).min() >= np.partition(np.abs(before.weights), -after.mask.n_links)[0]
    assert final.blocks[-1].mask.density == 1
    assert 0 < summary.accuracy == final.meta["pruned_after"]["test"]["accuracy"] < run.history[-1]["test"]["accuracy"]
    assert f"pruned to {sum(b.mask.n_links for b in final.blocks)} links" in summary.text
    whole = files(tmp_path / "run")
    for path in sorted((tmp_path / "run" / "snapshots").iterdir())[-2:]:
        path.unlink()
    train_run(request, tmp_path / "run", resume=True)
    assert files(tmp_path / "run") == whole


def test_static_training_on_another_runs_topology_starts_from_the_same_weights(tmp_path: Path) -> None:
    dynamic = Request("chts", seed=3, start="er", **SMALL)
    train_run(dynamic, tmp_path / "chts")
    static = Request("from-checkpoint", seed=3, topology=str(tmp_path / "chts"), **SMALL)
    train_run(static, tmp_path / "sst")
    start, final = open_run(tmp_path / "sst").snapshots[0], open_run(tmp_path / "chts").final
    first = open_run(tmp_path / "chts").snapshots[0]
    for mine, theirs, origin in zip(start.blocks, final.blocks, first.blocks, strict=True):
        np.testing.assert_array_equal(mine.mask.positions, theirs.mask.positions)
        common = origin.mask.contains(mine.mask.positions)
        assert 0 < common.mean() <= 1
        at = np.searchsorted(origin.mask.positions, mine.mask.positions[common])
        np.testing.assert_array_equal(mine.weights[common], origin.weights[at])
    assert open_run(tmp_path / "sst").history[-1]["updates"] == []


def test_snapshots_are_ordinary_torch_files_and_graphs(tmp_path: Path) -> None:
    train_run(Request("set", **SMALL), tmp_path / "run")
    path = sorted((tmp_path / "run" / "snapshots").iterdir())[-1]
    assert isinstance(torch.load(path, weights_only=True), dict)
    graph = load(path).graph
    assert [layer.size for layer in graph.layers] == [64, 100, 100, 100, 10]
    assert [block.n_links for block in graph.blocks] == [640, 1000, 1000, 1000]


def test_early_stop_latches_and_freezes_the_topology(tmp_path: Path) -> None:
    request = Request("cht", seed=0, data="digits", hidden="1x", sparsity=0.9, epochs=30, learning_rate=0.05)
    train_run(request, tmp_path / "run")
    records = history(tmp_path / "run")
    stopped = [record["stopped"] for record in records]
    for earlier, later in itertools.pairwise(stopped):
        assert all(b or not a for a, b in zip(earlier, later, strict=True))
    for told, before in zip(records[1:], stopped[:-1], strict=True):
        for update in told["updates"]:
            for block, rests in enumerate(before):
                if rests:
                    assert update["regrown"][block] == update["removed"][block] == update["percolated"][block] == 0
                elif told["stopped"][block]:
                    assert update["overlap"][block] >= 0.9


def test_the_regrowth_switches_half_way(tmp_path: Path) -> None:
    request = Request("survival-momentum-to-random", data="digits", hidden="30", epochs=4, update_every="3 steps")
    train_run(request, tmp_path / "run")
    zetas = [update["zeta"] for record in history(tmp_path / "run") for update in record["updates"]]
    assert zetas == sorted(zetas, reverse=True)


def test_another_configuration_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    train_run(Request("set", **SMALL), tmp_path / "run")
    before = files(tmp_path / "run")
    with pytest.raises(SparseGraphError, match="seed"):
        train_run(Request("set", seed=9, **SMALL), tmp_path / "run", resume=True)
    with pytest.raises(SparseGraphError, match="--resume"):
        train_run(Request("set", **SMALL), tmp_path / "run")
    train_run(Request("set", **SMALL), tmp_path / "run", resume=True)
    assert files(tmp_path / "run") == before


def test_divergence_is_told(tmp_path: Path) -> None:
    with pytest.raises(SparseGraphError, match="lower learning rate"):
        train_run(Request("set", learning_rate=1e6, **SMALL), tmp_path / "run")
    assert len(open_run(tmp_path / "run").snapshots) >= 1


def test_the_configuration_names_the_policies_that_decide(tmp_path: Path) -> None:
    train_run(Request("cht", data="digits", epochs=1), tmp_path / "run")
    config = json.loads((tmp_path / "run" / "config.json").read_text())["configuration"]
    assert config["policies"] == {
        "start topology": "csti",
        "start weights": "swi",
        "weight of new links": "zero",
        "links regrown at once": "keep",
        "percolation": "yes",
        "links without a score": "active_only",
        "early stop": "overlap 0.9, per layer",
    }


def test_a_run_is_finished_when_all_is_written_and_not_before(tmp_path: Path) -> None:
    request = Request("set", **SMALL)
    train_run(request, tmp_path / "run")
    assert is_finished(request, tmp_path / "run")
    whole = files(tmp_path / "run")
    (tmp_path / "run" / "resume.npz").unlink()
    assert not is_finished(request, tmp_path / "run")
    with pytest.raises(SparseGraphError, match="is gone"):  # it is not begun anew, which would remove what is there
        train_run(request, tmp_path / "run", resume=True)
    assert files(tmp_path / "run") == {name: content for name, content in whole.items() if name != "resume.npz"}


def test_the_net_that_an_epoch_judges_is_the_one_it_trained(tmp_path: Path) -> None:
    train_run(Request("set", **SMALL, learning_rate=0.05), tmp_path / "moving", options=EVERY)
    first = open_run(tmp_path / "moving").history[0]
    train_run(Request("static", **SMALL, learning_rate=0.05), tmp_path / "static")
    # one epoch of training comes before the first update: until then both are the same net
    assert first["test"] == open_run(tmp_path / "static").history[0]["test"]


def test_smoothed_gradients_reach_across_epochs(tmp_path: Path) -> None:
    request = Request("snfs", seed=1, data="digits", hidden="100", sparsity=0.9, epochs=4, update_every="60 steps")
    profile = resolve(request)
    data = load_data("digits")
    made = plan_for(profile, data)
    assert made.steps_per_epoch == 45
    masks = start_masks(made, data, seed=1)
    engine = start_engine(made, data, masks, start_weights("swi", masks, seed=1), seed=1, threads=1)
    assert isinstance(engine, CompiledMLP)
    asked = []
    train = engine.train
    engine.train = lambda *a, accumulate=None, **k: (  # type: ignore[method-assign]
        asked.append((len(a[3]), accumulate and accumulate.last_steps)) or train(*a, accumulate=accumulate, **k)
    )
    observer = SimpleNamespace(changed=lambda c: None, advanced=lambda e, s: None, finished_epoch=lambda r: None)
    train_epochs(engine, made, data, Standing.at_start(engine, made), observer, seed=1)
    # updates after the steps 60 and 120: every step before them counts, those after 120 belong to no update
    assert asked == [(45, 45), (15, 15), (30, 30), (30, 30), (15, None), (45, None)]


def test_a_given_topology_brings_its_links_and_first_weights(tmp_path: Path) -> None:
    place = tmp_path / "me@home"  # a folder with an @ in its name is no run with a number
    train_run(Request("set", seed=5, start_weights="kaiming", **SMALL), place / "set")
    train_run(
        Request("static", seed=0, data="digits", hidden="100x3", epochs=1, topology=str(place / "set@0")),
        tmp_path / "on",
    )
    start, origin = open_run(tmp_path / "on").snapshots[0], open_run(place / "set").snapshots[0]
    for mine, theirs in zip(start.blocks, origin.blocks, strict=True):
        np.testing.assert_array_equal(mine.mask.positions, theirs.mask.positions)
        np.testing.assert_array_equal(mine.weights, theirs.weights)
    config = open_run(tmp_path / "on").config
    assert [block["links"] for block in config["blocks"]] == [640, 1000, 1000, 1000]
    assert config["topology"]["seed of the first weights"] == 5
    for name, told in (("set@7", "there are: 0, 45"), ("set@last", "'last'"), ("nowhere", "nowhere")):
        with pytest.raises(SparseGraphError, match=told):
            train_run(Request("static", topology=str(place / name), **SMALL), tmp_path / "no")
    with pytest.raises(SparseGraphError, match="blocks of"):
        train_run(Request("static", data="digits", hidden="9", topology=str(place / "set")), tmp_path / "no")
    assert not (tmp_path / "no").exists()


def test_a_recorded_loop_whose_configuration_says_what_it_likes_gives_its_topology(tmp_path: Path) -> None:
    model = torch.nn.Linear(3, 2)
    with record(model, tmp_path / "own", configuration={"profile": "mine", "request": ["mine"]}):
        pass
    given = given_topology(str(tmp_path / "own"))
    assert [mask.n_links for mask in given.masks] == [6]
    assert given.seed is None
    assert given.start_weights is None


def test_data_of_ones_own_are_known_by_content_and_not_by_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 200)
    np.savez(tmp_path / "own.npz", train_images=rng.normal(size=(200, 12)) + labels[:, None], train_labels=labels)
    request = Request("set", data=str(tmp_path / "own.npz"), hidden="20", sparsity=0.5, epochs=2)
    with pytest.raises(Stop):
        train_run(request, tmp_path / "run", progress=StopsAfter(2))
    monkeypatch.chdir(tmp_path)
    assert requested(Path("run")) == request
    train_run(replace(request, data="own.npz"), "run", resume=True)
    assert len(open_run("run").history) == 2


def test_augmented_images_are_other_ones_and_a_stopped_run_goes_on_with_the_same(tmp_path: Path) -> None:
    request = Request("set", augment=True, **SMALL)
    train_run(request, tmp_path / "whole", options=EVERY)
    train_run(replace(request, augment=None), tmp_path / "plain", options=EVERY)
    with pytest.raises(Stop):
        train_run(request, tmp_path / "broken", options=EVERY, progress=StopsAfter(2))
    train_run(request, tmp_path / "broken", options=EVERY, resume=True)
    assert files(tmp_path / "whole") == files(tmp_path / "broken") != files(tmp_path / "plain")


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ({"hidden": "20", "sparsity": 0.9}, CompiledMLP),
        ({"hidden": "20", "sparsity": 0.5}, TorchEngine),
        ({"model": "resnet56", "sparsity": 0.9}, TorchEngine),
        ({"model": "rbm", "hidden": "20", "sparsity": 0.9}, SparseRBM),
    ],
    ids=["compiled", "torch", "convolutions", "rbm"],
)
def test_every_engine_trains_on_cropped_and_mirrored_images(choice: dict[str, Any], kind: type) -> None:
    """The loop with ``augment`` is one call of the engine on images changed by hand, in the order of the epoch."""
    request = Request("set", data="digits", augment=True, epochs=1, update_every="1 epoch", **choice)
    profile, digits = resolve(request), load_data("digits", normalise="unit")
    data = replace(
        digits, train=replace(digits.train, images=digits.train.images[:64], labels=digits.train.labels[:64])
    )
    plan = plan_for(profile, data)
    masks = start_masks(plan, data, seed=0)
    weights = start_weights("kaiming", masks, seed=0)
    looped, called = (start_engine(plan, data, masks, weights, seed=0, threads=1) for _ in range(2))
    assert isinstance(looped, kind)
    observer = SimpleNamespace(changed=lambda c: None, advanced=lambda e, s: None, finished_epoch=lambda r: None)
    train_epochs(looped, plan, data, Standing.at_start(looped, plan), observer, seed=0)

    order = rng_for(0, "order", "1").permutation(64)
    images = CropAndFlip(rng_for(0, "augmentation", "0"))(data.train.images[order].reshape(64, 1, 8, 8))
    assert not np.array_equal(images.reshape(64, -1), data.train.images[order])
    rates = np.array([profile.learning_rate.at(step, plan.n_steps) for step in range(plan.n_steps)], np.float32)
    called.train(images.reshape(64, -1), data.train.labels[order], np.arange(64), rates)
    for block in range(len(masks)):
        np.testing.assert_array_equal(looped.weights(block), called.weights(block))


def test_the_blocks_of_a_run_are_those_of_its_model(tmp_path: Path) -> None:
    """A shortcut 16 -> 32 behind 32 channels is no convolution in two groups: it lies beside a chain that goes on."""
    request = Request("set", data="digits", model="resnet56", sparsity=0.9, epochs=1)
    data, profile = load_data("digits"), resolve(request)
    plan = plan_for(profile, data)
    masks = start_masks(plan, data, seed=0)
    engine = start_engine(plan, data, masks, start_weights("kaiming", masks, seed=0), seed=0, threads=1)
    meta = {"data": {"image_shape": data.image_shape}}
    standing, silent = Standing.at_start(engine, plan), StopsAfter(1)
    with RunWriter.create(tmp_path / "run", {}) as writer:
        keeper = Keeper(writer, engine, plan, data, standing, meta, silent, every=None)
        graph = keeper.snapshot(0, weights=True).graph
    assert isinstance(engine, TorchEngine)
    with pytest.warns(
        UserWarning, match=r"skip connections stand alone beside the chain: stage2\.0\.shortcut\.conv, stage3"
    ):
        expected = graph_of(engine.model, input_shape=data.image_shape)
    assert [layer.size for layer in graph.layers] == [layer.size for layer in expected.layers]
    assert {block.groups for block in graph.blocks} == {1}
    assert [block.name for block in graph.blocks] == [block.name for block in plan.blocks]
    assert len(graph.input_layers) == len(graph.output_layers) == 3
    trunk = [block for block in graph.blocks if "shortcut" not in block.name]
    assert all(left.target == right.source for left, right in itertools.pairwise(trunk))


def test_training_in_one_call_opens_the_run_and_names_what_can_be_chosen(tmp_path: Path) -> None:
    run = train("set", tmp_path / "run", **SMALL, seed=3)
    assert len(run.history) == SMALL["epochs"]
    assert requested(run.path) == Request("set", seed=3, **SMALL)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="no choice epoch; it has seed, data"):
        train("set", tmp_path / "other", epoch=3)
    assert not (tmp_path / "other").exists()


def test_training_in_one_call_warns_of_a_training_without_updates(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="no topology update falls into"):
        train("set", tmp_path / "run", data="digits", hidden="100x3", sparsity=0.9, epochs=1, seed=0)


@pytest.mark.parametrize("rule", ["random", "gradient", "momentum"])
def test_boltzmann_machines_train_by_the_same_door_and_resume(rule: str, tmp_path: Path) -> None:
    request = Request(
        f"survival-rbm-small-{rule}", data="digits", epochs=4, hidden="30", sparsity=0.8, update_every="9 steps"
    )
    summary = train_run(request, tmp_path / "whole", options=EVERY)
    with pytest.raises(Stop):
        train_run(request, tmp_path / "broken", options=EVERY, progress=StopsAfter(3, 0.3))
    train_run(request, tmp_path / "broken", options=EVERY, resume=True)
    assert files(tmp_path / "broken") == files(tmp_path / "whole")
    losses = [record["test"]["loss"] for record in history(tmp_path / "whole")]
    assert losses[-1] < losses[0]
    run = open_run(tmp_path / "whole")
    assert [layer.size for layer in run.final.graph.layers] == [64, 30]
    assert {snapshot.graph.n_links for snapshot in run.topology} == {round(0.2 * 64 * 30)}
    assert "pixels reconstructed" in summary.text


def test_boltzmann_machines_say_what_is_not_there_for_them(tmp_path: Path) -> None:
    for request in (
        Request("dense", model="rbm", data="digits"),
        Request("set", model="rbm", data="digits", hidden="1x"),
        Request("esml", model="rbm", data="digits"),
    ):
        with pytest.raises(SparseGraphError, match="restricted Boltzmann machine"):
            train_run(request, tmp_path / "run")


@pytest.mark.parametrize(
    ("layers", "whose"), [([1.0, 0.5], "inputs and hidden neurons"), ([1.0, 0.5, 0.8], "all neurons")]
)
def test_the_share_of_active_neurons_says_whose(layers: list[float], whose: str) -> None:
    record = {"epoch": 2, "links": [30, 20], "anp": {"layers": layers, "whole": 0.75}, "test": {"accuracy": 0.5}}
    summary = Summary(Path("run"), "net", [{**record, "seconds": {"train": 1.0}}])
    assert f"75.0 % of {whose} active (ANP)" in summary.text


def test_the_summary_names_the_net_that_a_recipe_chose(tmp_path: Path) -> None:
    summary = train_run(Request("set", data="digits", epochs=1, hidden="20-30"), tmp_path / "run")
    assert summary.text.startswith("set_digits_hidden=20-30_epochs=1_seed0 (64-20-30-10): test accuracy ")


@pytest.mark.parametrize("profile", ["set", "static"])
def test_a_run_that_was_stopped_says_that_it_went_on_after_its_last_snapshot(profile: str, tmp_path: Path) -> None:
    request, place, seldom = Request(profile, **SMALL), tmp_path / "run", RunOptions(snapshots_every=100)
    with pytest.raises(Stop):
        train_run(request, place, progress=StopsAfter(3), options=seldom)
    assert any("stopped or is not finished" in warning for warning in load(place).warnings)
    train_run(request, place, resume=True, options=seldom)
    assert not any("stopped or is not finished" in warning for warning in load(place).warnings)
