"""Optimisers as values: what they are called and how they are set, not what they have seen."""

from __future__ import annotations

from dataclasses import dataclass

from sparsegraph.errors import DataError


@dataclass(frozen=True)
class SGD:
    """Stochastic gradient descent as torch.optim.SGD does it: ``v = momentum v + g``, ``w -= rate v``.

    Parameters
    ----------
    momentum : float
        In [0, 1).
    weight_decay : float
        At least 0; ``weight_decay * w`` is added to the gradient of every parameter, biases included, as torch does
        when it is given all parameters in one group.
    nesterov : bool
        Step along ``g + momentum v`` instead; needs a momentum.

    Raises
    ------
    DataError
        If a value is outside its range.
    """

    momentum: float = 0.9
    weight_decay: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        _check_share("momentum", self.momentum)
        _check_positive("weight_decay", self.weight_decay)
        if self.nesterov and self.momentum == 0:
            raise DataError("nesterov needs a momentum above 0")


@dataclass(frozen=True)
class Adam:
    """Adam as torch.optim.Adam does it, with weight decay added to the gradient.

    Parameters
    ----------
    betas : (float, float)
        Decay of the means of gradient and squared gradient, each in [0, 1).
    eps : float
        Added to the root of the second.
    weight_decay : float
        At least 0.

    Raises
    ------
    DataError
        If a value is outside its range.

    References
    ----------
    Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015, Algorithm 1.
    """

    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def __post_init__(self) -> None:
        for beta in self.betas:
            _check_share("each of betas", beta)
        _check_positive("eps", self.eps)
        _check_positive("weight_decay", self.weight_decay)


Optimiser = SGD | Adam


def _check_share(name: str, value: float) -> None:
    if not 0 <= value < 1:
        raise DataError(f"{name} must lie in [0, 1), not {value}")


def _check_positive(name: str, value: float) -> None:
    if not value >= 0:
        raise DataError(f"{name} must be at least 0, not {value}")
