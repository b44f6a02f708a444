"""002, second half: CHT against RigL, MEST and dense nets."""

from __future__ import annotations

from sparsegraph.findings.arms import Start, arm
from sparsegraph.findings.claim import Claim, Finding, Printed
from sparsegraph.findings.named_quantities import AAE, ACCURACY, OVERLAP_EPOCH, UPDATE_SECONDS, anp
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.starts import OfStart, central_mass
from sparsegraph.findings.statistics import Across, Difference, Of, Ratio

CHT, RIGL, MEST, DENSE = (arm(f"cht-{name}") for name in ("cht", "rigl", "mest", "dense"))
WIDE_CHT, WIDE_RIGL, WIDE_MEST, WIDE_DENSE = (arm(f"cht-{name}-2x") for name in ("cht", "rigl", "mest", "dense"))
NO_STOP = arm("esml-esml", learning_rate=0.01, hidden="1x", start="csti", start_weights="swi")
"""CHT without its early stop: ESML with the start, weights and learning rate of CHT."""

_MORE, _LESS = Rule(above=0), Rule(below=0)
_ALL_TABLES = ("002 table A1", "002 table A2")
_TO_WIN = ("mnist", "emnist-balanced")


def _against_dense(quantity_name: str) -> list[Claim]:
    quantity = {"accuracy": ACCURACY, "aae": AAE}[quantity_name]
    printed = Printed(_ALL_TABLES, quantity_name, per=100)
    return [
        Claim(quantity, Difference(arms), _MORE, printed=printed) for arms in ((CHT, DENSE), (WIDE_CHT, WIDE_DENSE))
    ]


def _against_rivals(data: tuple[str, ...], *, counts: bool) -> list[Claim]:
    printed = Printed(("002 table A2",), "accuracy", per=100, data=data)
    pairs = ((CHT, RIGL), (CHT, MEST), (WIDE_CHT, WIDE_RIGL), (WIDE_CHT, WIDE_MEST))
    return [
        Claim(ACCURACY, Difference(pair), _MORE, data=data, printed=printed, counts=counts and pair[0] == CHT)
        for pair in pairs
    ]


def _few_links(family: str, *, counts: bool) -> list[Claim]:
    rules = {"cht": Rule(above=0.3), "rigl": Rule(below=0.2), "set": Rule(below=0.2)}
    return [
        Claim(
            ACCURACY,
            Of((arm(f"{family}-{method}", sparsity=0.999),)),
            rule,
            data=("mnist", "fashion-mnist"),
            counts=counts,
        )
        for method, rule in rules.items()
    ]


FINDINGS = (
    Finding(
        "F29",
        "On MNIST removed and regrown links of CHT overlap by 90 % after about twelve epochs.",
        "002",
        "appendix G",
        (
            Claim(
                OVERLAP_EPOCH,
                Of((CHT,)),
                Rule(5, 30),
                data=("mnist",),
                printed=Printed(("002 text",), "epoch of overlap 0.9"),
            ),
        ),
        note="Between epochs 5 and 30 is taken for about twelve.",
    ),
    Finding(
        "F30",
        "Stopping the topology early costs no accuracy and saves time.",
        "002",
        "figure A2",
        (
            Claim(ACCURACY, Difference((CHT, NO_STOP)), Rule(above=-0.001)),
            Claim(UPDATE_SECONDS, Ratio((CHT, NO_STOP)), Rule(below=1)),
        ),
        told="plot",
        note="No cost is: no more than 0.1 points. Seconds of updates depend on what else the machine does.",
    ),
    Finding(
        "F31",
        "Nets learn faster from the correlated start (CSTI) than from a random one, and with SWI than Kaiming weights.",
        "002",
        "figure A2",
        (
            Claim(AAE, Difference((CHT, arm("cht-cht", start="er"))), _MORE),
            Claim(AAE, Difference((CHT, arm("cht-cht", start_weights="kaiming"))), _MORE),
        ),
        told="plot",
    ),
    Finding(
        "F32",
        "The lower the learning rate, the fewer neurons stay active; the rarer the updates, the more, and the slower.",
        "002",
        "figure A1",
        (
            Claim(anp(), Across((arm("cht-cht"),), "learning_rate"), _MORE),
            Claim(anp(), Across((arm("cht-cht"),), "update_every"), _MORE),
            Claim(AAE, Across((arm("cht-cht"),), "update_every"), _LESS),
        ),
        told="plot",
    ),
    Finding(
        "F33",
        "With 0.1 % of the links CHT learns, RigL and SET do not.",
        "002",
        "figure A1",
        (*_few_links("cht", counts=True), *_few_links("chts", counts=False)),
        told="plot",
        note="Of ten classes: above 30 % is learning, below 20 % is not. Runs with the hyperparameters of CHTs, where "
        "all rules start with SWI weights, stand beside.",
    ),
    Finding(
        "F34",
        "CHT surpasses dense nets in accuracy and AAE in every task.",
        "002",
        "figure 3, caption",
        (*_against_dense("accuracy"), *_against_dense("aae")),
    ),
    Finding(
        "F35",
        "CHT is more accurate than RigL and MEST on MNIST and EMNIST.",
        "002",
        "table A2",
        (*_against_rivals(_TO_WIN, counts=True), *_against_rivals(("fashion-mnist",), counts=False)),
        note="Fashion-MNIST and nets twice as wide stand beside.",
    ),
    Finding(
        "F60",
        "The links of the correlated start (CSTI) gather in the centre of MNIST's images.",
        "002",
        "figure A4",
        (
            Claim(
                OfStart("share of the input's links in the centre", central_mass, "share", n_draws=3),
                Of((Start("csti", (784,) * 4, data="mnist"),)),
                Rule(above=0.6),
            ),
        ),
        told="plot",
        note="The centre is 14 x 14 of 28 x 28 pixels, a quarter of the area.",
    ),
)
