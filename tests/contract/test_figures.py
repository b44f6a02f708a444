"""Every figure of the catalogue: what it says of itself, and drawn from tiny runs of the profiles it names."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tiny_runs import train_tiny

from sparsegraph.data.source import DATASETS
from sparsegraph.errors import SparseGraphError
from sparsegraph.evolution.cohorts import Cohorts, cohorts_of
from sparsegraph.figures.catalogue import FIGURES, ids
from sparsegraph.figures.draw import draw_figure, why_not, write_figure
from sparsegraph.figures.material import Material
from sparsegraph.papers.titles import PAPERS, SPARSITY, epochs_of, family_of
from sparsegraph.training.profiles import PROFILES

ASKED = {
    # issue 5 and section C of the requirements
    *("sulyok-convergence", "sulyok-robustness", "sulyok-table", "sulyok-weights"),
    *("esml-1", "esml-2a", "esml-2b", "esml-video", "cht-3", "cht-4", "cht-a1", "cht-a2", "cht-a3", "cht-a4", "cht-a5"),
    *("cht-a6", "cht-table-a1", "cht-table-a2", "cht-table-a3"),
    *(f"survival-{i}" for i in range(1, 21)),
    *(f"survival-table-{i}" for i in range(1, 9)),
    *("chts-1", "chts-2", "chts-3", "chts-4", "chts-5", "chts-a1", "chts-table-1", "chts-table-a1", "chts-table-a2"),
}
DRAWN = [name for name in ids() if not FIGURES[name].impossible]
FREE = [name for name in DRAWN if not FIGURES[name].needs.profiles]
FROM_RUNS = [name for name in DRAWN if FIGURES[name].needs.profiles]

IMAGES = "images.npz"
VARIED: dict[tuple[str, ...], list[dict[str, Any]]] = {
    ("start",): [{"start": "bsf"}, {"start": "bsf+ep"}, {"start": "bsf+resort"}],
    ("start", "beta"): [{"start": "bsw", "beta": 0.25}, {"start": "bsw", "beta": 1.0}],
    ("sparsity",): [{"sparsity": 0.9}, {"sparsity": 0.8}],
    ("learning_rate",): [{"learning_rate": rate} for rate in (0.01, 0.005, 0.001, 0.0005)],
    ("update_every",): [{"update_every": "1 epoch"}, {"update_every": "2 epochs"}],
    ("model",): [{"model": "convnet", "data": IMAGES}],
    ("start_weights",): [{"start_weights": "kaiming"}],
}
"""What runs are trained for figures that need such ones; an entry that varies something else needs a line here."""

BEYOND_TINY = {"survival-7"}
"""What tiny nets have nothing for: no neuron of theirs reaches the degree of 110 at which that power law begins."""


OF_NO_LENGTH = {"survival-15", "survival-16"}
"""Where the paper does not say how long it trains."""


@dataclass
class Trained:
    """Tiny runs, each trained when a figure first needs it."""

    folder: Path
    runs: dict[str, Path] = field(default_factory=dict)

    def cohorts(self, name: str) -> Cohorts:
        """Of all profiles that a figure names, two seeds of the first."""
        needs = FIGURES[name].needs
        found = [self.run(profile) for profile in needs.profiles]
        found.append(self.run(needs.profiles[0], seed=1))
        if needs.varied:
            found += [self.run(needs.profiles[0], **changes) for changes in VARIED[needs.varied]]
        return cohorts_of(dict.fromkeys(found))

    def run(self, profile: str, **changes: Any) -> Path:
        key = f"{profile} {changes}"
        if key not in self.runs:
            if profile.endswith("-sst"):
                changes["topology"] = self.run(profile.replace("-sst", "-chts"))
            if changes.get("data") == IMAGES:
                changes["data"] = str(self.images())
            self.runs[key] = train_tiny(profile, self.folder, **changes)
        return self.runs[key]

    def images(self) -> Path:
        """A few images as large as convolutional nets need them."""
        path = self.folder / IMAGES
        if not path.exists():
            rng = np.random.default_rng(0)
            np.savez(path, images=rng.random((40, 1, 32, 32)), labels=np.arange(40) % 10)
        return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True, scope="module")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARSEGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@cache
def natural(name: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(digits or 0), letters) for digits, letters in re.findall(r"(\d*)([a-z-]*)", name))


def test_everything_asked_for_is_there() -> None:
    panels = {re.sub(r"(?<=\d)([a-z]|-[a-z0-9]+)$", "", name) for name in ids()}
    assert not ASKED - {*ids(), *panels}


def test_papers_come_in_order_and_figure_2_before_figure_10() -> None:
    names = ids()
    assert sorted(set(names)) == sorted(names)
    papers = [FIGURES[name].paper for name in names]
    assert papers == sorted(papers)
    numbered = [name for name in names if re.fullmatch(r"survival-\d+", name)]
    assert numbered == [f"survival-{i}" for i in range(1, 21)]
    for before, after in itertools.pairwise(names):
        if before.rpartition("-")[0] == after.rpartition("-")[0]:
            assert natural(before) <= natural(after)


@pytest.mark.parametrize("name", ids())
def test_every_entry_says_what_it_is(name: str) -> None:
    figure = FIGURES[name]
    assert figure.id == name
    assert figure.paper in PAPERS
    assert figure.place
    assert figure.shows.endswith(".")
    assert figure.shows[0].isupper() or figure.shows.startswith("k-shell")
    assert (figure.draw is None) == bool(figure.impossible)
    assert not figure.impossible or len(figure.impossible.split()) > 3
    assert set(figure.needs.profiles) <= set(PROFILES)
    assert set(figure.needs.data) <= set(DATASETS)
    assert figure.needs.words


def test_lengths_and_sparsities_of_the_papers_are_those_of_the_profiles() -> None:
    for name in PROFILES:
        profile = PROFILES[name]
        family = family_of(name)
        assert family is not None
        assert epochs_of(name) == (None if profile.model == "rbm" else profile.epochs), name
        assert 1 - profile.density == pytest.approx(SPARSITY[family]), name


@pytest.mark.parametrize("name", [name for name in ids() if FIGURES[name].impossible])
def test_what_cannot_be_drawn_says_why(name: str) -> None:
    with pytest.raises(SparseGraphError, match=re.escape(f"{name} cannot be drawn here: {FIGURES[name].impossible}")):
        draw_figure(name, Material())


@pytest.mark.parametrize("name", FREE)
def test_figures_without_runs_are_drawn_alike_twice(name: str, shared: Path, tmp_path: Path) -> None:
    for folder in ("once", *([] if FIGURES[name].needs.data else ["again"])):
        (tmp_path / folder).mkdir()
        write_figure(name, Material(data_dir=shared / "data"), tmp_path / folder, formats=("svg",))
    files = {path.name for path in (tmp_path / "once").iterdir()}
    assert {f"{name}.svg", f"{name}.csv", f"{name}.md", "manifest.json"} <= files
    for path in (tmp_path / "once").iterdir():
        if path.suffix in (".svg", ".csv", ".md") and not FIGURES[name].needs.data:  # reading data takes its time
            assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name
    assert len(pd.read_csv(tmp_path / "once" / f"{name}.csv"))
    caption = (tmp_path / "once" / f"{name}.md").read_text(encoding="utf-8")
    assert FIGURES[name].shows in caption
    assert "Scale: needs no training." in caption


@pytest.mark.parametrize("name", FROM_RUNS)
def test_figures_are_drawn_from_tiny_runs(name: str, trained: Trained, shared: Path, tmp_path: Path) -> None:
    material = Material(trained.cohorts(name), data_dir=shared / "data")
    assert why_not(name, material) is None
    written = write_figure(name, material, tmp_path, formats=("svg",))
    for path in written.paths:
        assert path.stat().st_size > 0
    data = pd.read_csv(tmp_path / f"{name}.csv")
    assert len(data.columns)
    assert len(data) or name in BEYOND_TINY
    told = r"3 epochs" if name in OF_NO_LENGTH else r"quick: 3 of \d+ epochs"
    assert re.search(f"Scale: {told}", written.caption)
    assert any(f" on {cohort.data} (seed" in written.caption for cohort in material.cohorts.cohorts)


@pytest.mark.parametrize("name", FROM_RUNS)
def test_without_its_runs_a_figure_says_what_is_missing(name: str) -> None:
    with pytest.raises(SparseGraphError) as refusal:
        draw_figure(name, Material())
    told = str(refusal.value)
    assert told.startswith(f"{name} needs runs of {FIGURES[name].needs.profiles[0]}")
    assert "\n" not in told
