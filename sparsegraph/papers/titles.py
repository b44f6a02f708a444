"""The papers: titles for captions, BibTeX for methods texts, and how long each trained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Paper:
    """A paper whose claims and figures are redrawn.

    Parameters
    ----------
    number : str
        As requirements and findings count them; the slides of 000 are 001.
    authors, title, where : str
    bibtex : str
    """

    number: str
    authors: str
    title: str
    where: str
    bibtex: str

    @property
    def short(self) -> str:
        """Authors and place, for captions."""
        return f"{self.authors} ({self.where})"


PAPERS = {
    "000": Paper(
        "000",
        "Sulyok",
        "Dynamic Sparse Training: structure and robustness",
        "poster and slides",
        "@misc{sulyok_dst,\n"
        "  author = {Sulyok, B.},\n"
        "  title = {Dynamic Sparse Training: structure and robustness},\n"
        "  note = {Poster and slides}\n"
        "}",
    ),
    "002": Paper(
        "002",
        "Zhang et al.",
        "Ultra-Sparse Network Advantage in Deep Learning via Cannistraci-Hebb Brain-Inspired Training With Hyperbolic "
        "Meta-Deep Community-Layered Epitopology",
        "preprint v3, October 2023; ICLR 2024",
        "@misc{zhang2023ultrasparse,\n"
        "  author = {Zhang, Yingtao and Zhao, Jialin and Wu, Wenjing and Muscoloni, Alessandro and Cannistraci, Carlo "
        "Vittorio},\n"
        "  title = {Ultra-Sparse Network Advantage in Deep Learning via {Cannistraci-Hebb} Brain-Inspired Training "
        "With Hyperbolic Meta-Deep Community-Layered Epitopology},\n"
        "  year = {2023},\n"
        "  doi = {10.20944/preprints202207.0139.v3}\n"
        "}",
    ),
    "003": Paper(
        "003",
        "Matab et al.",
        "Survival of the Most Connected: An Understanding of How Sparse Neural Networks Grow",
        "University of Twente",
        "@misc{matab_survival,\n"
        "  author = {Matab, Dylan and Mocanu, Elena and Wu, Boqian},\n"
        "  title = {Survival of the Most Connected: An Understanding of How Sparse Neural Networks Grow},\n"
        "  note = {University of Twente}\n"
        "}",
    ),
    "004": Paper(
        "004",
        "Zhang et al.",
        "Brain-Inspired Sparse Training in MLP and Transformers with Network Science Modeling via Cannistraci-Hebb "
        "Soft Rule",
        "preprint, June 2024",
        "@misc{zhang2024chts,\n"
        "  author = {Zhang, Yingtao and Zhao, Jialin and Liao, Ziheng and Wu, Wenjing and Michieli, Umberto and "
        "Cannistraci, Carlo Vittorio},\n"
        "  title = {Brain-Inspired Sparse Training in {MLP} and {Transformers} with Network Science Modeling via "
        "{Cannistraci-Hebb} Soft Rule},\n"
        "  year = {2024},\n"
        "  doi = {10.20944/preprints202406.1136.v1}\n"
        "}",
    ),
}

PAPER_OF_FAMILY = {"sulyok": "000", "esml": "002", "cht": "002", "survival": "003", "chts": "004"}
"""Which paper a family of profiles (``<family>-<method>``) reproduces."""

EPOCHS = {"sulyok": 100, "esml": 250, "cht": 100, "survival": 300, "chts": 100}
"""How long the papers train, by family of profiles: what "full" means.  000 does not say; its profile assumes 100."""

UNTOLD = ("survival-rbm-",)
"""Profiles, by how they begin, whose length the paper does not say."""

SPARSITY = {"sulyok": 0.99, "esml": 0.99, "cht": 0.99, "survival": 0.95, "chts": 0.99}
"""Share of links absent in the papers' main runs, by family of profiles."""


QUICK = "-quick"
"""After the name of a profile: a tenth of its epochs."""


def epochs_of(profile: str) -> int | None:
    """How long the paper trains a profile of its own; None where it does not say, or where no paper has the profile.

    Examples
    --------
    >>> epochs_of("survival-random"), epochs_of("survival-rbm-big-random"), epochs_of("set")
    (300, None, None)
    """
    family = family_of(profile)
    return None if family is None or profile.startswith(UNTOLD) else EPOCHS[family]


def family_of(profile: str) -> str | None:
    """The family of a profile, None of one that is no paper's.

    Examples
    --------
    >>> family_of("survival-random"), family_of("set")
    ('survival', None)
    """
    family, dash, _ = profile.partition("-")
    return family if dash and family in PAPER_OF_FAMILY else None


def without_family(profile: str) -> str:
    """What figures call a profile's method.

    Examples
    --------
    >>> without_family("survival-random-to-gradient"), without_family("set-pm")
    ('random-to-gradient', 'set-pm')
    """
    family = family_of(profile)
    return profile if family is None else profile.removeprefix(f"{family}-")
