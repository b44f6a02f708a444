"""How nets were trained: what our profiles say beside what the papers print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sparsegraph.figures.material import Material
from sparsegraph.papers.numbers import paper_number, paper_numbers

if TYPE_CHECKING:
    from sparsegraph.training.profiles import Profile

Row = tuple[str, str, str]

CHTS_COLUMNS = ("hyperparameter", "profile chts-chts", "paper")
TRANSFORMER_DATA = ("multi30k", "iwslt14", "wmt17")


def of_chts(material: Material) -> list[Row]:
    """The perceptron of CHTs; what the paper leaves out is said to be assumed."""
    from sparsegraph.training.plan import mlp_blocks
    from sparsegraph.training.profiles import find_profile

    profile = find_profile("chts-chts")
    blocks = mlp_blocks(profile, 784, 10)
    rate, optimiser = profile.learning_rate, profile.optimiser
    first, last = rate.at(0, 1), rate.at(1, 1)
    printed = [
        ("neurons in a hidden layer (784 inputs)", "hidden neurons", str(blocks[0].shape[1])),
        ("hidden layers", "hidden layers", str(len(blocks) - 1)),
        ("batch size", "batch size", str(profile.batch_size)),
        ("epochs", "epochs", str(profile.epochs)),
        ("learning rate", "learning rate", f"{first:g}, falling in a straight line to {last:g}"),
        ("update interval", "update interval", f"{profile.update_every} {profile.update_unit}"),
    ]
    rows = [(name, ours, _paper(quantity)) for name, quantity, ours in printed]
    assumed = "not said"
    return [
        *rows,
        ("sparsity of all blocks but the readout", f"{1 - profile.density:g}", "0.99 and 0.999"),
        ("share of links removed in an update", f"{profile.recipe.zeta.at(0, 1):g}", assumed),
        ("optimiser", f"SGD, momentum {optimiser.momentum:g}" if hasattr(optimiser, "momentum") else "Adam", assumed),
        ("weight decay", f"{optimiser.weight_decay:g}", assumed),
        ("start topology", profile.recipe.start, "best of CSTI, BSF and BSW"),
        ("start weights; new links", f"{profile.recipe.start_weights}; {profile.recipe.new_weights}", assumed),
        ("exponent of soft removal", _exponents(profile), "δ from 0.5 to 0.75, that is 1 to 3"),
        ("exponent of soft regrowth", f"{_regrowth(profile):g}", "δ 0.5, that is 1"),
    ]


def of_transformer(material: Material) -> list[tuple[str, ...]]:
    """The paper's Transformers, by data set, as printed."""
    names = list(dict.fromkeys(one.quantity for one in paper_numbers(table="004 table A2")))
    rows = []
    for name in names:
        found = [paper_number(table="004 table A2", quantity=name, data=data) for data in TRANSFORMER_DATA]
        unit = next((f" ({one.note})" for one in found if one is not None and one.note), "")
        rows.append((f"{name}{unit}", *("" if one is None else f"{one.value:g}" for one in found)))
    return rows


def _paper(quantity: str) -> str:
    found = paper_number(table="004 table A1", quantity=quantity)
    return "" if found is None else f"{found.value:g}" + (f" ({found.note})" if found.note else "")


def _exponents(profile: Profile) -> str:
    exponent = profile.recipe.removal.exponent
    return "rigid" if exponent is None else f"{exponent.at(0, 1):g} to {exponent.at(1, 1):g}"


def _regrowth(profile: Profile) -> float:
    exponent = profile.recipe.regrowth.exponent
    return float("inf") if exponent is None else exponent.at(0, 1)
