"""002, first half: ESML against SET; and percolation, which CHT shares."""

from __future__ import annotations

from sparsegraph.findings.arms import Start, arm
from sparsegraph.findings.claim import Claim, Finding, Printed
from sparsegraph.findings.moments import change
from sparsegraph.findings.named_quantities import (
    ACCURACY,
    CONSISTENCY,
    HUB_PATHS,
    LAYER_SEPARATION,
    MODULARITY,
    anp,
    distance,
    grid_gamma,
    least_anp,
    paths,
)
from sparsegraph.findings.rule import Rule
from sparsegraph.findings.starts import OfStart, grid_exponent
from sparsegraph.findings.statistics import Difference, Of, Ratio
from sparsegraph.papers.numbers import paper_numbers

ESML, SET = arm("esml-esml"), arm("esml-set")
CHT, RIGL = arm("cht-cht"), arm("cht-rigl")

_MORE, _LESS = Rule(above=0), Rule(below=0)
_IMAGES = ("mnist", "fashion-mnist", "emnist-balanced")
_EXPECTED_PATHS = 784 * 10**3
"""Of a random net 784-1000x3 with 1 % of the links: 784 x 1000^3 x 0.01^3."""


def _text(quantity: str) -> Printed:
    return Printed(("002 text",), quantity)


_ANP = Printed(("002 table A3",), "anp", per=100, data=_IMAGES)


def _told_anp(*data: str) -> str:
    """What the paper prints of CHT, a data set after the other."""
    found = {one.data: one.value for one in paper_numbers(table="002 table A3", method="cht")}
    return ", ".join(f"{found[name]:g} % ({name})" for name in data)


FINDINGS = (
    Finding(
        "F03",
        "ESML is more accurate than SET after 250 epochs at a learning rate of 0.0001.",
        "002",
        "figure 2",
        (Claim(ACCURACY, Difference((ESML, SET)), _MORE),),
        told="plot",
    ),
    Finding(
        "F14",
        "On simple images percolation leaves 30 to 40 % of the neurons of a multilayer perceptron active.",
        "002",
        "table A3, figure 4",
        (
            Claim(anp(), Of((CHT,)), Rule(0.25, 0.45), Rule(below=0.6), _IMAGES, _ANP),
            Claim(anp(), Of((ESML,)), Rule(0.25, 0.45), Rule(below=0.6), _IMAGES, counts=False),
        ),
        note="Structural, inputs counted. Between 25 and 45 % is taken for 30 to 40; ESML stands beside.",
    ),
    Finding(
        "F15",
        "In the middle layers fewer than 20 % of the neurons stay active.",
        "002",
        "figure 2",
        (Claim(least_anp(), Of((ESML,)), Rule(below=0.2), Rule(below=0.4)),),
        told="below 20 %",
        note="Of the hidden layer that has least.",
    ),
    Finding(
        "F16",
        "The share of active neurons settles within about 50 epochs.",
        "002",
        "figure 2",
        (Claim(anp(change(0.2), "points"), Of((ESML,)), Rule(-0.05, 0.05)),),
        told="plot",
        note="50 epochs are a fifth of the training.",
    ),
    Finding(
        "F17",
        "Neither random nor gradient regrowth sets off percolation.",
        "002",
        "table A3",
        (
            Claim(anp(), Of((RIGL,)), Rule(above=0.85), printed=Printed(("002 table A3",), "anp", per=100)),
            Claim(anp(), Of((arm("cht-set"),)), Rule(above=0.85)),
        ),
        told="table A3",
        note="The paper's ResNet-50 with RigL is below 80 % on CIFAR-100 and below 40 % on ImageNet.",
        amended="At first SET was judged with the settings of ESML, whose runs were not at hand together with RigL's: "
        "inconclusive. RigL's part was the same.",
    ),
    Finding(
        "F18",
        "The harder the task, the more neurons CHT keeps active.",
        "002",
        "table A3",
        told=_told_anp("mnist", "imagenet resnet50"),
        impossible="ImageNet and a ResNet-50 need a GPU for weeks",
    ),
    Finding(
        "F19",
        "ESML grows a power law: gamma is at most 3.",
        "002",
        "figure 2",
        (Claim(grid_gamma(), Of((ESML,)), Rule(below=3), Rule(below=4), printed=_text("gamma")),),
    ),
    Finding(
        "F20",
        "SET grows none in 250 epochs at a learning rate of 0.0001.",
        "002",
        "figure 2",
        (Claim(grid_gamma(), Of((SET,)), Rule(above=5), printed=_text("gamma")),),
        note="10 is the end of the grid of exponents: a bound and no estimate.",
    ),
    Finding(
        "F21",
        "The correlated start (CSTI) lies between: hubs, but no power law yet.",
        "002",
        "figure A4",
        (
            Claim(
                OfStart("gamma", grid_exponent, n_draws=3, convention="no readout; alpha among 1.01 ... 10"),
                Of((Start("csti", (784,) * 4, data="mnist"),)),
                Rule(3, 10),
                printed=Printed(("002 text",), "gamma of the CSTI start", methods=("cht",)),
            ),
        ),
        note="CSTI depends on the data but for ties, so that draws hardly differ.",
    ),
    Finding(
        "F22",
        "In the hyperbolic disk ESML separates the layers perfectly, SET does not.",
        "002",
        "figure 2",
        (
            Claim(LAYER_SEPARATION, Of((ESML,)), Rule(above=0.95), Rule(above=0.8), printed=_text("asi")),
            Claim(LAYER_SEPARATION, Of((SET,)), Rule(below=0.75), printed=_text("asi")),
        ),
    ),
    Finding(
        "F23",
        "ESML is more modular than SET.",
        "002",
        "figure 2",
        (Claim(MODULARITY, Difference((ESML, SET)), _MORE),),
        told="plot",
        amended="At first a lead of more than 0.1 was asked, a threshold of ours: contradicted on the same runs.",
    ),
    Finding(
        "F24",
        "ESML is structurally more consistent than SET.",
        "002",
        "figure 2",
        (Claim(CONSISTENCY, Difference((ESML, SET)), _MORE),),
        told="plot",
    ),
    Finding(
        "F25",
        "Distances are shorter in ESML than in SET and than at the start: it is ultra-small.",
        "002",
        "figure 2",
        (
            Claim(distance(), Difference((ESML, SET)), _LESS),
            Claim(distance(change()), Of((ESML,)), _LESS),
            Claim(grid_gamma(), Of((ESML,)), Rule(below=3), Rule(below=4), printed=_text("gamma")),
        ),
        told="plot",
    ),
    Finding(
        "F26",
        "ESML has ten times as many input-output paths (CAP) as SET.",
        "002",
        "figure 2",
        (Claim(paths(), Ratio((ESML, SET)), Rule(above=5), Rule(above=2), printed=_text("cap total")),),
    ),
    Finding(
        "F27",
        "SET has as many input-output paths as a random net.",
        "002",
        "figure 2",
        (
            Claim(
                paths(_EXPECTED_PATHS, "input-output paths (CAP) over those expected"),
                Of((SET,)),
                Rule(0.98, 1.02),
                data=_IMAGES,
                printed=Printed(("002 text",), "cap total", per=_EXPECTED_PATHS),
            ),
        ),
    ),
    Finding(
        "F28",
        "Far more of the paths of ESML run through hubs than of those of SET.",
        "002",
        "appendix K",
        (
            Claim(HUB_PATHS, Of((ESML,)), Rule(above=0.2), Rule(above=0.1), printed=_text("hub-CAP ratio")),
            Claim(HUB_PATHS, Of((SET,)), Rule(below=0.03), printed=_text("hub-CAP ratio")),
        ),
        note="Read as: 80 hubs in the second and third layer together, and a path needs one in both.",
    ),
)
