"""A training run and its directory: begin, go on, finish."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from sparsegraph.data.dataset import DataSet
from sparsegraph.data.load import load_data
from sparsegraph.errors import SparseGraphError
from sparsegraph.io.runs.layout import is_run
from sparsegraph.io.runs.resume_file import ResumePoint, read_resume
from sparsegraph.io.runs.run import open_run
from sparsegraph.io.runs.writer import RunWriter
from sparsegraph.provenance import versions
from sparsegraph.training.epochs import Standing, train_epochs
from sparsegraph.training.given import fitted, given_topology
from sparsegraph.training.keeper import Keeper, restore
from sparsegraph.training.plan import Plan
from sparsegraph.training.profiles import Profile
from sparsegraph.training.progress import Progress, SilentProgress
from sparsegraph.training.request import Request, resolve, to_plain
from sparsegraph.training.starting import plan_for, start_engine, start_masks, start_weights

_FEW_ACTIVE = 0.1


@dataclass(frozen=True)
class RunOptions:
    """How a run is done; nothing here changes a number.

    Parameters
    ----------
    data_dir : Path, optional
        Where data sets lie.
    snapshots_every : int, optional
        Updates between snapshots with weights; by default about twenty in all.
    """

    data_dir: Path | None = None
    snapshots_every: int | None = None


@dataclass(frozen=True, repr=False)
class Summary:
    """What a finished run amounts to."""

    directory: Path
    title: str
    history: Sequence[Mapping[str, Any]]
    judged_by: str = "test accuracy"
    idle: str = ""
    """Why the topology of a dynamic run never changed; empty where it did."""
    net: str = ""
    """What was trained: the layer sizes of a multilayer perceptron, which a recipe chooses; else the model's name."""

    def __repr__(self) -> str:
        return f"<Summary {self.text}>"

    @property
    def accuracy(self) -> float:
        """Of the test part, of the net that the run leaves, in [0, 1]."""
        last = self.history[-1]
        return float(last.get("pruned_after", last)["test"]["accuracy"])

    @property
    def text(self) -> str:
        """One sentence."""
        last = self.history[-1]
        seconds = float(np.median([record["seconds"]["train"] for record in self.history]))
        anp = "" if last["anp"] is None else f", {100 * last['anp']['whole']:.1f} % of {_counted(last)} active (ANP)"
        epochs = f"{last['epoch']} epoch{'s' if last['epoch'] > 1 else ''}"
        dense = (
            f"{self.judged_by} {100 * last['test']['accuracy']:.2f} % after {epochs}, {sum(last['links']):,} links{anp}"
        )
        pruned = last.get("pruned_after")
        after = (
            f"; pruned to {sum(pruned['links']):,} links, {self.judged_by} {100 * self.accuracy:.2f} %"
            if pruned
            else ""
        )
        net = f" ({self.net})" if self.net else ""
        return f"{self.title}{net}: {dense}{after}; {seconds:.2g} s of training an epoch"

    @property
    def warnings(self) -> list[str]:
        """What a reader of the accuracy must know first."""
        told = [self.idle] if self.idle else []
        anp = self.history[0]["anp"]
        if anp is not None and min(anp["layers"]) < _FEW_ACTIVE:
            share = 100 * min(anp["layers"])
            told.append(
                f"{share:.0f} % of the neurons of a layer lie on an input-output path: too few links for this size"
            )
        return told


def _counted(record: Mapping[str, Any]) -> str:
    """Whose share is active: the layers that sparse blocks join."""
    n_without = len(record["links"]) + 1 - len(record["anp"]["layers"])
    return ("all neurons", "inputs and hidden neurons")[n_without] if n_without < 2 else "the neurons of sparse blocks"


def train_run(
    request: Request,
    directory: str | os.PathLike[str],
    *,
    options: RunOptions = RunOptions(),
    resume: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Train as asked for and leave the whole story in a directory.

    Parameters
    ----------
    request : Request
    directory : path
        New or empty; or a run of the same request, which goes on if ``resume`` is set.
    options : RunOptions
    resume : bool
        Go on where the run in the directory was stopped; a finished one is left as it is.
    progress : Progress, optional

    Raises
    ------
    SparseGraphError
        If a name or value is wrong, data are missing, the directory holds something else, or training diverges.
    """
    progress, directory = progress or SilentProgress(), Path(directory)
    profile = resolve(request)
    # a restricted Boltzmann machine reads pixels as probabilities
    normalise = "unit" if profile.model == "rbm" else "standard"
    data = load_data(profile.data, folder=options.data_dir, split=profile.split, normalise=normalise)
    plan = plan_for(profile, data)
    seed, law, topology = request.seed, profile.recipe.start_weights, None
    if request.topology is None:
        masks = start_masks(plan, data, seed=seed)
    else:
        given = given_topology(request.topology)
        plan, masks = fitted(plan, given.masks), list(given.masks)
        seed, law = (seed if given.seed is None else given.seed), given.start_weights or law
        topology = {"digest": given.digest, "seed of the first weights": seed, "law of the first weights": law}
    config = _configuration(request, plan, data) | ({} if topology is None else {"topology": topology})
    weights = start_weights(law, masks, seed=seed)
    engine = start_engine(plan, data, masks, weights, seed=request.seed, threads=request.threads or 1)
    environment = {"versions": versions(), "request": _asked(request)}
    writer, point = _writer(directory, config, environment, resume=resume)
    with writer:
        standing = Standing.at_start(engine, plan)
        if point is not None:
            restore(engine, standing, point.arrays, point.meta)
        keeper = Keeper(writer, engine, plan, data, standing, _meta(config), progress, every=options.snapshots_every)
        progress.began(f"{request.profile} {data.name} seed {request.seed}", profile.epochs, standing.epoch)
        if point is None:
            keeper.begin()
        elif standing.epoch == profile.epochs and not _is_final_whole(directory, plan):
            writer.drop_snapshots(plan.n_steps)
            keeper.keep_final(open_run(directory).history[-1])
        train_epochs(engine, plan, data, standing, keeper, seed=request.seed)
    return summary_of(request, directory)


def summary_of(request: Request, directory: Path) -> Summary:
    """What the run in a directory amounts to."""
    profile, run = resolve(request), open_run(directory)
    judged_by = "pixels reconstructed" if profile.model == "rbm" else "test accuracy"
    idle = _idle(profile, run.config["steps_per_epoch"])
    return Summary(directory, request.name, run.history, judged_by, idle, _net(profile, run.config["blocks"]))


def _net(profile: Profile, blocks: Sequence[Mapping[str, Any]]) -> str:
    if profile.model != "mlp":
        return profile.model
    return "-".join(str(size) for size in (blocks[0]["shape"][0], *(block["shape"][1] for block in blocks)))


def _idle(profile: Profile, steps_per_epoch: int) -> str:
    """Why no update falls into a dynamic training; empty where one does, as none follows the very last step."""
    n, unit = profile.update_every, profile.update_unit
    n_steps = steps_per_epoch * profile.epochs
    if profile.recipe.kind != "dynamic" or n * (steps_per_epoch if unit == "epoch" else 1) < n_steps:
        return ""
    interval = unit if n == 1 else f"{n:,} {unit}s"
    return (
        f"no topology update falls into {n_steps:,} steps: updates come every {interval}, and none after the last "
        "step; train longer or give --update-every (update_every=)"
    )


def requested(directory: Path) -> Request:
    """What the run in a directory was asked to do.

    Raises
    ------
    SparseGraphError
        If there is no run, or one that ``sparsegraph train`` did not begin.
    """
    asked = open_run(directory).environment.get("request")
    if not isinstance(asked, dict):
        raise SparseGraphError(f"{directory}: sparsegraph train did not begin this run")
    try:
        return Request(**asked)
    except TypeError:
        raise SparseGraphError(f"{directory}: begun by another version of sparsegraph; go on with that one") from None


def is_finished(request: Request, directory: Path) -> bool:
    """Whether a run in this directory has done all the epochs of the request, and written all that is to be kept."""
    point = read_resume(directory) if is_run(directory) else None
    return point is not None and int(point.meta["epoch"]) >= resolve(request).epochs


def _is_final_whole(directory: Path, plan: Plan) -> bool:
    try:
        return open_run(directory).final.number == plan.n_steps + plan.profile.recipe.pruned_after
    except SparseGraphError:
        return False


def _writer(
    directory: Path, config: dict[str, Any], environment: dict[str, Any], *, resume: bool
) -> tuple[RunWriter, ResumePoint | None]:
    if resume and is_run(directory):
        return RunWriter.continue_(directory, config, environment)
    return RunWriter.create(directory, config, environment), None


def _configuration(request: Request, plan: Plan, data: DataSet) -> dict[str, Any]:
    """All that decides the numbers, as resolved; files are named by their content, wherever they lie."""
    asked = {name: value for name, value in _asked(request).items() if name != "topology"}
    if "data" in asked:
        asked["data"] = data.name
    blocks = [
        {"name": block.name, "shape": list(block.shape), "links": n}
        for block, n in zip(plan.blocks, plan.n_links, strict=True)
    ]
    return {
        "request": asked,
        "profile": to_plain(replace(plan.profile, data=data.name)),
        "policies": plan.profile.recipe.policies(),
        "data": data.to_dict(),
        "blocks": blocks,
        "density": plan.density,
        "steps_per_epoch": plan.steps_per_epoch,
        "n_updates": plan.n_updates,
    }


def _asked(request: Request) -> dict[str, Any]:
    return {name: value for name, value in asdict(request).items() if value is not None}


def _meta(config: Mapping[str, Any]) -> dict[str, Any]:
    """What each snapshot says of its run."""
    profile = config["profile"]
    return {
        "profile": profile["name"],
        "recipe": profile["recipe"]["name"],
        "seed": config["request"]["seed"],
        "policies": config["policies"],
        "data": config["data"],
    }
