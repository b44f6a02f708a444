"""Tables of words of 003: methods, start densities, architectures and splits, from the library's own definitions."""

from __future__ import annotations

from sparsegraph.figures.material import Material
from sparsegraph.papers.numbers import paper_data, paper_number

METHODS = ("profile", "removal", "regrowth", "start", "paper's terms")
STARTS = ("allocation", "density of a block", "3072-1024-512-10 at 95 %")
NETS = ("model", "hidden", "weights", "weights and biases", "5 %", "paper")
SPLITS = ("data set", "train", "validation", "test", "together", "paper, in this order")

_TERMS = {
    "survival-random": "magnitude, random (SET)",
    "survival-gradient": "magnitude, gradient (RigL)",
    "survival-momentum": "magnitude, momentum (SNFS)",
    "survival-random-pm": "magnitude by sign, random (SET as published)",
}
_PARTS = ("train", "validation", "test", "samples")


def methods(material: Material) -> list[tuple[str, ...]]:
    """Removal and regrowth of the paper's methods by our profiles."""
    from sparsegraph.training.profiles import PROFILES

    del material
    rows: list[tuple[str, ...]] = []
    for name, terms in _TERMS.items():
        recipe = PROFILES[name].recipe
        removal = recipe.removal.score + (" by sign" if recipe.removal.by_sign else "")
        rows.append((name, removal, recipe.regrowth.score or "uniform", PROFILES[name].allocation.upper(), terms))
    return rows


def starts(material: Material) -> list[tuple[str, ...]]:
    """How the density is shared out over the blocks, computed for the paper's net."""
    from sparsegraph.topology.density import erdos_renyi, erk, uniform

    del material
    shapes = [(3072, 1024), (1024, 512), (512, 10)]
    kinds = (
        ("uniform", "the same in each", uniform),
        ("er", "proportional to (n_in + n_out) / (n_in n_out)", erdos_renyi),
        ("erk", "as ER, kernels counted too", erk),
    )
    rows: list[tuple[str, ...]] = []
    for name, told, share_out in kinds:
        found = share_out(shapes, 0.05)
        rows.append((name, told, ", ".join(f"{100 * density:.2f} %" for density in found)))
    return rows


def nets(material: Material) -> list[tuple[str, ...]]:
    """Parameters of the models at 3 x 32 x 32 inputs and ten classes, counted from the models themselves."""
    from sparsegraph.training.models.catalogue import outline

    del material
    rows: list[tuple[str, ...]] = []
    for name, hidden in (("mlp", (1024, 512)), ("convnet", "1x")):
        weights, biases = _parameters(outline(name, (3, 32, 32), 10, hidden))  # type: ignore[arg-type]
        told = "1024-512" if name == "mlp" else "32, 64, 128 channels"
        share = f"{0.05 * weights:,.0f}; {0.05 * (weights + biases):,.0f}"
        printed = "; ".join(_printed("003 table 5", method=name, note=note) for note in ("dense", "5 %"))
        rows.append((name, told, f"{weights:,}", f"{weights + biases:,}", share, printed))
    return rows


def _printed(table: str, **wanted: str) -> str:
    """One count as the paper prints it."""
    found = paper_number(table=table, **wanted)
    return "-" if found is None else f"{found.value:,.0f}"


def _parameters(model: object) -> tuple[int, int]:
    named = dict(model.named_parameters())  # type: ignore[attr-defined]
    weights = sum(one.numel() for name, one in named.items() if one.ndim > 1)
    return weights, sum(one.numel() for one in named.values()) - weights


def splits(material: Material) -> list[tuple[str, ...]]:
    """Sizes of the parts under the split "survival", from the loaders."""
    from sparsegraph.data.load import load_data
    from sparsegraph.errors import SparseGraphError
    from sparsegraph.papers.data_sets import data_title

    rows: list[tuple[str, ...]] = []
    for name in ("mnist", "fashion-mnist", "cifar10-q75"):
        printed = "; ".join(_printed("003 table 6", data=paper_data(name), quantity=part) for part in _PARTS)
        try:
            found = load_data(name, folder=material.data_dir, split="survival")
        except SparseGraphError:
            rows.append((data_title(name), "-", "-", "-", "data not there", printed))
            continue
        sizes = [len(part.labels) for part in (found.train, found.validation, found.test) if part is not None]
        rows.append((data_title(name), *(f"{size:,}" for size in sizes), f"{sum(sizes):,}", printed))
    return rows
