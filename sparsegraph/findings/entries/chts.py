"""004: soft rules (CHTs), and the topologies to start from."""

from __future__ import annotations

from sparsegraph.findings.arms import Arm, Start, arm
from sparsegraph.findings.claim import Claim, Finding, Printed
from sparsegraph.findings.named_quantities import ACCURACY, MEAN_OVERLAP, anp
from sparsegraph.findings.quantities import Noted
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.starts import OfStart, clustering, grid_exponent, mean_distance, n_paths, scored_pairs
from sparsegraph.findings.statistics import Difference, Of, Ratio, Won

CHTS, CHT, DENSE, STATIC = (arm(f"chts-{name}") for name in ("chts", "cht", "dense", "sst"))
RIGID, RI, RI_SOFT = (arm(f"chts-chts-{name}") for name in ("rigid-removal", "ri", "ri-soft"))
RIGID_REGROWTH, RANDOM_REGROWTH = arm("chts-chts-rigid-regrowth"), arm("chts-chts-random-regrowth")

_MORE, _LESS = Rule(above=0), Rule(below=0)
_SIZES = (784, 1568, 1568, 1568)
"""Of the paper's multilayer perceptron, without readout."""


def _start(name: str) -> Arm:
    return arm("chts-chts", start=name)


def _small_world(beta: float) -> Arm:
    return arm("chts-chts", start="bsw", beta=beta)


def _drawn(name: str, sizes: tuple[int, ...] = _SIZES, **options: float) -> Start:
    return Start(name, sizes, options=tuple(sorted(options.items())))


_BSW = _drawn("bsw", beta=0.25)
_BLEU = Noted("BLEU", ("test.bleu",), kind="number")
_PATHS = OfStart("input-output paths (CAP)", n_paths)

FINDINGS = (
    Finding(
        "F50",
        "Of small-world starts beta = 0.25 is best; they beat scale-free ones; CSTI is best where it applies.",
        "004",
        "figure 3a, b",
        (
            Claim(ACCURACY, Won(tuple(map(_small_world, (0.25, 0.0, 0.1, 0.5, 1.0)))), Rule(above=0.5)),
            Claim(ACCURACY, Difference((_small_world(0.25), _start("bsf"))), _MORE),
            Claim(ACCURACY, Won((CHTS, _small_world(0.25), _start("bsf"), _start("er"))), Rule(above=0.5)),
        ),
        told="plot",
    ),
    Finding(
        "F51",
        "Sorting neurons by degree (Resort) improves scale-free starts and gives them more input-output paths.",
        "004",
        "section 3.1, figure 3a",
        (
            Claim(ACCURACY, Difference((_start("bsf+resort"), _start("bsf"))), _MORE),
            Claim(ACCURACY, Difference((_start("bsf+ep+resort"), _start("bsf+ep"))), _MORE),
            Claim(_PATHS, Ratio((_drawn("bsf+resort"), _drawn("bsf"))), Rule(above=1)),
            Claim(_PATHS, Ratio((_drawn("bsf+ep+resort"), _drawn("bsf+ep"))), Rule(above=1)),
        ),
        told="plot",
    ),
    Finding(
        "F52",
        "The scale-free start (BSF) has a power law with gamma = 2.76.",
        "004",
        "figure 2",
        tuple(
            Claim(
                OfStart(
                    f"gamma of {sizes[0]} x {sizes[1]}",
                    grid_exponent,
                    convention="alpha among 1.01 ... 10 over all neurons",
                ),
                Of((_drawn("bsf", sizes),)),
                Rule(2.46, 3.06),
                printed=Printed(("004 text",), "gamma", methods=("bsf",)),
            )
            for sizes in ((784, 1568), (1568, 1568))
        ),
        note="Within 0.3 of it. The paper does not say of how many neurons: both kinds of block of its net are drawn.",
    ),
    Finding(
        "F53",
        "The small-world start with beta = 0.25 is far more clustered than a random one and no wider; "
        "CH3-L3 scores more of its absent links than of a scale-free one.",
        "004",
        "section 3.1",
        (
            Claim(OfStart("clustering", clustering), Ratio((_BSW, _drawn("er"))), Rule(above=3)),
            Claim(OfStart("mean distance (CPL)", mean_distance), Ratio((_BSW, _drawn("er"))), Rule(0.8, 1.25)),
            Claim(OfStart("scored absent links", scored_pairs, "share"), Ratio((_BSW, _drawn("bsf"))), Rule(above=1)),
        ),
        told="text",
        note="Far more is three times as much, no wider is within a quarter. Clustering by four-cycles.",
    ),
    Finding(
        "F54",
        "Sampled removal by magnitude and sampled CH3-L3 regrowth win; relative importance keeps more neurons active.",
        "004",
        "figure 3c, d",
        (
            Claim(ACCURACY, Won((CHTS, RIGID, RI, RI_SOFT)), Rule(above=0.5)),
            Claim(ACCURACY, Won((CHTS, RIGID_REGROWTH, RANDOM_REGROWTH)), Rule(above=0.5)),
            Claim(anp(), Difference((RI_SOFT, CHTS)), _MORE),
            Claim(anp(), Difference((RI, RIGID)), _MORE),
        ),
        told="plot",
    ),
    Finding(
        "F55",
        "Removed and regrown links overlap less with soft rules than with rigid ones.",
        "004",
        "section 4",
        (Claim(MEAN_OVERLAP, Difference((CHTS, CHT)), _LESS),),
        told="text",
        note="Mean over the epochs in which a block is updated, of the block that overlaps least.",
    ),
    Finding(
        "F56",
        "With 1 % of the links CHTs is more accurate than dense nets, on down to 20 % of the neurons.",
        "004",
        "figure 4",
        (
            Claim(ACCURACY, Difference((CHTS, DENSE)), _MORE, data=("mnist", "emnist-balanced")),
            Claim(ACCURACY, Difference((RI_SOFT, DENSE)), _MORE, data=("fashion-mnist",)),
            Claim(anp(), Of((CHTS,)), Rule(below=0.3), Rule(below=0.6)),
        ),
        told="plot",
        note="On Fashion-MNIST with soft removal by RI, as section 4.3.2. ANP at most 30 % is taken for down to 20 %.",
        amended="At first removal by magnitude was judged on Fashion-MNIST too, while the dense nets were not run.",
    ),
    Finding(
        "F57",
        "A static net on the topology that CHTs found learns less than CHTs itself.",
        "004",
        "appendix C",
        (Claim(ACCURACY, Difference((CHTS, STATIC)), _MORE),),
        told="plot",
    ),
    Finding(
        "F58",
        "CHTs translates better than RigL and SET with 10 % of the links.",
        "004",
        "table 1",
        tuple(
            Claim(_BLEU, Difference((CHTS, arm(f"chts-{other}"))), _MORE, printed=Printed(("004 table 1",), "bleu"))
            for other in ("rigl", "set")
        ),
        impossible="transformers for translation need a GPU, and BLEU is not what this trainer measures",
    ),
)
