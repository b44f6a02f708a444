"""``sparsegraph perturb`` as a user meets it: runs as recorded, checkpoints with what is assumed, refusals."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from sparsegraph.io.runs.layout import ends_of
from sparsegraph.io.runs.run import Run, open_run
from sparsegraph.measures.catalogue import measure
from sparsegraph.measures.functional_activity import FunctionalActivity
from sparsegraph.perturb.robustness import Design
from sparsegraph.perturb.subject import Choice, activations_of, subject
from sparsegraph.perturb.tested import robustness_of
from sparsegraph.training.recorder import record
from sparsegraph.training.request import Request
from sparsegraph.training.run import train_run

Command = Callable[..., Any]
FEW = ("--repeats", "2", "--samples", "100", "-p", "strongest", "-p", "noise")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """SET on the digits, 64-60-60-10, two epochs with a snapshot after each."""
    place = tmp_path_factory.mktemp("runs") / "set"
    train_run(Request("set", data="digits", hidden="60x2", sparsity=0.8, epochs=3), place)
    return open_run(place)


@pytest.fixture(scope="module")
def state_dict(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same net as anyone's state dict."""
    state = {}
    for block in run.final.blocks:
        assert block.weights is not None
        assert block.biases is not None
        state[f"{block.name}.weight"] = torch.tensor(block.mask.to_csr(block.weights).toarray().T)
        state[f"{block.name}.bias"] = torch.tensor(block.biases)
    path = tmp_path_factory.mktemp("nets") / "net.pth"
    torch.save(state, path)
    return path


def test_a_run_is_judged_as_recorded(sparsegraph: Command, run: Run) -> None:
    answer = sparsegraph("perturb", run.path, "--repeats", "2", "--json")
    assert answer.status == 0, answer.err
    assert answer.err == ""
    net = json.loads(answer.out)["nets"][0]
    assert net["recorded_accuracy"] == net["robustness"]["accuracy"] == run.history[-1]["test"]["accuracy"]
    assert net["warnings"] == []
    names = [curve["perturbation"] for curve in net["robustness"]["curves"]]
    assert names == ["strongest", "weakest", "random", "shuffled", "noise"]
    of_graph = measure(run.final.graph, "rank").to_dict()
    assert net["rank"]["sum"] == of_graph["sum"]


def test_page_names_numbers_and_every_convention(sparsegraph: Command, run: Run, tmp_path: Path) -> None:
    out, picture = tmp_path / "robustness.csv", tmp_path / "curves.svg"
    answer = sparsegraph("perturb", run.path, *FEW, "-o", out, "--figure", picture)
    assert answer.status == 0, answer.err
    page = " ".join(answer.out.split())
    for words in (
        "links perturbed", "accuracy", "chance", "area, strongest", "area, noise", "effective rank", "stable rank",
        "removals: global, links of all perturbed blocks removed as one set; seed 0",
        "largest |weight| first", "s the standard deviation of the block's weights", "21 values of x from 0 to 5",
        "100 of 359 test images, drawn at random", "readout not perturbed (dense last block fc3)",
    ):  # fmt: skip
        assert words in page, words
    assert "shuffled" not in page
    rows = list(csv.DictReader(io.StringIO(out.read_text())))
    assert len(rows) == 42
    assert list(rows[0]) == ["net", "perturbation", "x", "accuracy", "std", "low", "high", "n", "conventions"]
    for row, own in ((rows[0], "largest |weight| first"), (rows[-1], "the standard deviation of the block's weights")):
        assert own in row["conventions"]
        assert "readout not perturbed (dense last block fc3); removals global" in row["conventions"]
    assert [float(row["x"]) for row in rows[21:]] == pytest.approx(np.linspace(0, 5, 21).tolist())
    assert picture.read_text().startswith("<?xml")
    assert "strongest first" in picture.read_text()


def test_same_seed_same_document_on_any_number_of_threads(sparsegraph: Command, run: Run) -> None:
    one, two = (sparsegraph("perturb", run.path, *FEW, "--jobs", n, "--json").out for n in (1, 2))
    assert one == two
    assert sparsegraph("perturb", run.path, *FEW, "--seed", "1", "--json").out != one


def test_snapshots_are_chosen_by_number(sparsegraph: Command, run: Run) -> None:
    first = run.snapshots.numbers[0]
    named = sparsegraph("perturb", f"{run.path}@{first}", *FEW, "--json")
    asked = sparsegraph("perturb", run.path, "--snapshot", first, *FEW, "--json")
    assert named.status == 0, named.err
    assert json.loads(named.out)["nets"][0]["path"] == f"{run.path}@{first}"
    assert named.out == asked.out
    both = sparsegraph("perturb", f"{run.path}@{first}", run.path, *FEW)
    assert both.status == 0
    assert f"set@{first}" in both.out
    missing = sparsegraph("perturb", f"{run.path}@999999", *FEW)
    assert missing.status == 1
    assert "there is no snapshot 999999" in missing.err
    assert sparsegraph("perturb", f"{run.path}@{first}", "--snapshot", "5", *FEW).status == 1


def test_of_many_snapshots_the_first_few_and_the_last_are_told() -> None:
    assert ends_of((0, 10, 20)) == "0, 10, 20"
    assert ends_of(tuple(range(0, 5010, 10))) == "0, 10, 20, 30, ... (501 in all), 5000"


def test_a_checkpoint_needs_its_data_set_and_says_what_is_assumed(
    sparsegraph: Command, run: Run, state_dict: Path
) -> None:
    refused = sparsegraph("perturb", state_dict, *FEW)
    assert refused.status == 1
    assert refused.err.count("\n") == 1
    assert "--data (data= of Choice)" in " ".join(refused.err.split())
    answer = sparsegraph("perturb", state_dict, "--data", "digits", "--repeats", "2", "--json")
    assert answer.status == 0, answer.err
    net = json.loads(answer.out)["nets"][0]
    of_run = robustness_of(run.path, design=Design(n_repeats=2)).robustness
    # links are the non-zeros there, all of these here as no weight is exactly 0 but that of a new link
    assert net["robustness"]["accuracy"] == of_run.accuracy
    told = " ".join(net["warnings"])
    assert "ReLU between the layers is assumed" in told
    assert "normalisation standard assumed" in told
    said = sparsegraph("perturb", state_dict, "--data", "digits", "--normalise", "standard", *FEW)
    assert "as asked" in said.out


def test_a_snapshot_file_by_itself_is_a_checkpoint(run: Run) -> None:
    file = run.path / "snapshots" / f"{run.snapshots.numbers[-1]:06d}.pt"
    alone, whole = subject(file, Choice(data="digits")), subject(run.path)
    test = whole.images.test
    assert alone.network.accuracy(test.images, test.labels) == whole.network.accuracy(test.images, test.labels)
    assert any("ReLU" in words for words in alone.assumed)


def test_recordings_of_other_loops_are_checkpoints_too(tmp_path: Path) -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(64, 20), nn.ReLU(), nn.Linear(20, 10, bias=False))
    with record(model, tmp_path / "own") as recorder:
        recorder.snapshot(epoch=1)
    own = subject(tmp_path / "own", Choice(data="digits"))
    images = own.images.test.images
    with torch.no_grad():
        best = model(torch.tensor(images)).argmax(1).numpy()
    assert own.network.accuracy(images, best) > 0.99  # ties of floats apart
    with record(nn.Sequential(nn.Linear(64, 20), nn.BatchNorm1d(20), nn.Linear(20, 10)), tmp_path / "norm") as recorder:
        recorder.snapshot(epoch=1)
    with pytest.raises(Exception, match="besides links and biases"):
        subject(tmp_path / "norm", Choice(data="digits"))


def test_what_cannot_be_run_is_told_and_the_rest_goes_on(
    sparsegraph: Command, run: Run, checkpoint: Path, tmp_path: Path
) -> None:
    alone = sparsegraph("perturb", checkpoint, "--data", "digits", *FEW)
    assert alone.status == 1
    assert "without biases" in alone.err
    both = sparsegraph("perturb", checkpoint, run.path, *FEW, "--data", "digits")
    assert both.status == 1
    assert "area, strongest" in both.out
    assert "without biases" in both.err
    torch.save(nn.Sequential(nn.Conv2d(1, 2, 3), nn.Linear(8, 2)).state_dict(), tmp_path / "conv.pt")
    refused = sparsegraph("perturb", tmp_path / "conv.pt", "--data", "digits")
    assert refused.status == 1
    assert "convolution" in refused.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-p", "nois"), "did you mean noise"),
        (("--normalise", "unit"), "a run says itself"),
        (("--data", "synthetic"), "the run was trained on UCI digits (checksum embedded), not on "),
        (("-o", "curves.xlsx"), "ends in .csv"),
        (("--figure", "curves.csv"), "ends in .svg"),
        (("-o", "nowhere/curves.csv"), "no folder"),
        (("-o", "taken.csv"), "a folder has this name"),
    ],
)
def test_mistakes_are_one_line(
    sparsegraph: Command, run: Run, words: tuple[str, ...], told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "taken.csv").mkdir()
    answer = sparsegraph("perturb", run.path, *words)
    assert answer.status == 1
    assert told in answer.err
    assert answer.err.count("\n") == 1


def test_arrays_of_ones_own_are_found_again_or_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    images, labels = rng.random((100, 16)).astype(np.float32), rng.integers(0, 3, 100)
    path = tmp_path / "mine.npz"
    np.savez(path, images=images, labels=labels)
    train_run(Request("set", data=str(path), hidden="20x2", sparsity=0.5, epochs=1), tmp_path / "run")
    assert subject(tmp_path / "run").images.data.checksum
    moved = path.rename(tmp_path / "moved.npz")
    with pytest.raises(Exception, match=r"mine\.npz"):
        subject(tmp_path / "run")
    assert len(subject(tmp_path / "run", Choice(data=str(moved))).images.test) == 20


def test_activations_of_a_run_feed_the_measure(run: Run) -> None:
    activations = activations_of(run.path)
    graph = run.final.graph
    assert {name: len(means) for name, means in activations.items()} == {la.name: la.size for la in graph.layers}
    found = measure(graph, "functional_activity", activations=activations)
    assert isinstance(found, FunctionalActivity)
    # the digits have pixels that are always empty
    varies = np.ptp(subject(run.path).images.test.images, axis=0) > 0
    assert 0.5 < varies.mean() < 1
    assert found.per_layer[0].functional_anp == varies.mean()
    silent = activations["hidden1"] == 0
    assert found.per_layer[1].dormant["0"] == silent.mean()


def test_options_of_measures_that_are_arrays_cannot_be_typed(sparsegraph: Command, state_dict: Path) -> None:
    answer = sparsegraph("analyze", state_dict, "-m", "functional_activity", "--set", "activations=1")
    assert answer.status == 1
    assert "only Python can give" in answer.err


def test_an_analysis_says_how_neurons_answer_to_data(sparsegraph: Command, run: Run, state_dict: Path) -> None:
    of_run = json.loads(
        sparsegraph("analyze", run.path, "-m", "functional_activity", "--data", "recorded", "--json").out
    )
    named = ("-m", "functional_activity", "--data", "digits", "--json")
    of_checkpoint = json.loads(sparsegraph("analyze", state_dict, *named).out)
    silent = of_run["results"]["functional_activity"]["dormant_share"]
    assert 0 <= silent < 1
    assert of_checkpoint["results"]["functional_activity"]["dormant_share"] == pytest.approx(silent)
    assert of_run["conventions"]["data"] == "as recorded"
    assert of_checkpoint["conventions"]["data"] == "digits"
    images = "359 test images, split standard, normalisation standard; ReLU between the layers"
    assert of_run["results"]["functional_activity"]["data"].endswith(images)
    assert of_checkpoint["results"]["functional_activity"]["data"].endswith(f"{images}, assumed")
    assert not any("assumed" in warning for warning in of_run["warnings"])
    assert "normalisation standard assumed: none was named" in of_checkpoint["warnings"]
    refused = sparsegraph("analyze", run.path, "--data", "recorded", "--scope", "block")
    assert refused.status == 1
    assert "for the whole graph" in refused.err


def test_the_page_names_the_data_that_the_net_answered(sparsegraph: Command, state_dict: Path) -> None:
    asked = ("-m", "functional_activity", "--data", "digits", "--normalise", "unit")
    told = " ".join(sparsegraph("analyze", state_dict, *asked).out.split())
    conventions = told[told.index("Conventions:") :].partition("functional_activity readout")[0]
    assert "359 test images, split standard, normalisation unit; ReLU between the layers, assumed" in conventions
    assert "ReLU between the layers is assumed: no file of weights says it" in told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("--data", "digits"),
            "none of kshell looks at answers to data; add a measure that does, such as functional_activ",
        ),
        (
            ("--normalise", "unit"),
            "--normalise is for the images that --data passes through the net; name the data set",
        ),
    ],
)
def test_images_that_no_measure_looks_at_are_refused(
    sparsegraph: Command, state_dict: Path, words: tuple[str, str], message: str
) -> None:
    answer = sparsegraph("analyze", state_dict, "-m", "kshell", *words)
    assert (answer.status, answer.out, answer.err.count("\n")) == (1, "", 1)
    assert message in answer.err
