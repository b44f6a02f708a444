"""Methods side by side: what our profiles do, and where the paper's own table says otherwise (002, figure A6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparsegraph.figures.material import Material
from sparsegraph.papers.methods import label_of

if TYPE_CHECKING:
    from sparsegraph.training.recipes import Recipe

COLUMNS = (
    "method",
    "removal",
    "regrowth",
    "gradients",
    "sparsity fixed",
    "start weights",
    "new links",
    "start topology",
    "early stop",
)
WIDTHS = (0.8, 1.15, 1.2, 1.2, 0.8, 0.9, 0.8, 0.85, 0.85)

_PAPER = {
    "set": ("weight", "random", "sparse", "yes", "Kaiming", "zero", "ER", "no"),
    "rigl": ("weight", "gradient", "dense", "yes", "Kaiming", "zero", "ER, ERK", "no"),
    "mest": ("weight and gradient", "random", "sparse", "yes", "Kaiming", "zero", "ER", "no"),
    "cht": ("weight", "CH3-L3", "sparse", "yes", "SWI", "SWI", "CSTI", "yes"),
}
_ELSEWHERE = {
    "DSR": ("weight", "random", "sparse", "yes", "Kaiming", "zero", "ER", "no"),
    "GraNet": ("weight", "gradient", "sparse", "no", "Kaiming", "zero", "dense", "no"),
    "OptG": ("trainable mask", "trainable mask", "dense", "no", "Kaiming", "-", "ER", "no"),
}
"""Methods of the paper's table that this library has not, as the paper has them."""

_REMOVAL = {"magnitude": "weight", "mest": "weight and gradient", "relative_importance": "relative importance"}
_REGROWTH = {None: "random", "gradient": "gradient", "momentum": "smoothed gradient", "ch3_l3": "CH3-L3"}
_WEIGHTS = {"kaiming": "Kaiming", "swi": "SWI", "zero": "zero"}
_START = {"er": "ER", "csti": "CSTI"}


def methods(material: Material) -> list[tuple[str, ...]]:
    """The methods of 002's comparison by our profiles; where its table says otherwise, that in brackets."""
    from sparsegraph.training.profiles import find_profile

    rows = []
    for name, printed in _PAPER.items():
        ours = described(find_profile(f"cht-{name}").recipe)
        rows.append((label_of(name), *(_both(*cells) for cells in zip(ours, printed, strict=True))))
    rows += [(f"{name} (not here)", *cells) for name, cells in _ELSEWHERE.items()]
    return rows


def described(recipe: Recipe) -> tuple[str, ...]:
    """What a recipe does, in the words of the columns but the first."""
    from sparsegraph.topology.regrowth import REGROWTH_SCORES

    score = recipe.regrowth.score
    needs = set() if score is None else set(REGROWTH_SCORES[score].needs)
    dense = "dense at updates" if "gradient" in needs else "dense" if "momentum" in needs else "sparse"
    return (
        _REMOVAL.get(recipe.removal.score, recipe.removal.score),
        _REGROWTH.get(score, str(score)),
        dense,
        "yes" if recipe.extra_density is None else "no",
        _WEIGHTS.get(recipe.start_weights, recipe.start_weights),
        _WEIGHTS.get(recipe.new_weights, recipe.new_weights),
        _START.get(recipe.start, recipe.start),
        "no" if recipe.early_stop is None else f"yes, overlap {recipe.early_stop:g}",
    )


def _both(ours: str, paper: str) -> str:
    return ours if ours == paper or ours.startswith(f"{paper},") else f"{ours} (paper: {paper})"
