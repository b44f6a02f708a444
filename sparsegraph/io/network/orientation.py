"""Which axis of a stored matrix is the input: torch writes (out, in), Keras and NumPy (in, out)."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sparsegraph.io.names import listed
from sparsegraph.io.network.matrix import Matrix
from sparsegraph.io.network.ordering import Station, n_joints

Axes = Literal["out_in", "in_out", "channels_last"]
"""``out_in``: (out, in, *kernel); ``in_out``: (in, out, *kernel); ``channels_last``: (*kernel, in, out)."""


@dataclass(frozen=True)
class Oriented:
    """A matrix whose source and target axes are known.

    Parameters
    ----------
    matrix : Matrix
    axes : {"out_in", "in_out", "channels_last"}
    channel_minor : bool
        Whether a flattened image varies fastest over channels (Keras) or over positions (torch).
    """

    matrix: Matrix
    axes: Axes
    channel_minor: bool

    @property
    def is_filters(self) -> bool:
        """Whether it is a filter bank."""
        return len(self.matrix.shape) > 2

    @property
    def n_source(self) -> int:
        """Input neurons, or input channels of one group."""
        return self.matrix.shape[{"out_in": 1, "in_out": 0, "channels_last": -2}[self.axes]]

    @property
    def n_target(self) -> int:
        """Output neurons or channels."""
        return self.matrix.shape[{"out_in": 0, "in_out": 1, "channels_last": -1}[self.axes]]

    @property
    def kernel_size(self) -> int:
        """Weights behind one complete link: 25 of a 5 x 5 kernel, 1 of a matrix."""
        return math.prod(self.matrix.shape) // (self.n_source * self.n_target)


class Joint(NamedTuple):
    """How a matrix follows another: the image positions behind each channel, and the groups of a convolution."""

    positions: int = 1
    groups: int = 1


ALONE = Joint()
"""Follows nothing, or neuron by neuron."""


def joint(left: Oriented, right: Oriented) -> Joint | None:
    """How ``right`` follows ``left``; None where the shapes do not fit.

    A matrix after a filter bank may take several positions of each channel; a filter bank after another may be
    grouped.  One input channel to a group (depthwise) counts only where the number of channels stays the same, since
    otherwise nearly everything would fit.
    """
    n_before, n_source = left.n_target, right.n_source
    if n_before == n_source:
        return ALONE
    if left.is_filters and not right.is_filters and n_source % n_before == 0:
        return Joint(positions=n_source // n_before)
    if left.is_filters and right.is_filters and n_before % n_source == 0:
        groups = n_before // n_source
        if right.n_target % groups == 0 and (n_source > 1 or right.n_target == n_before):
            return Joint(groups=groups)
    return None


def stations(oriented: Sequence[Oriented]) -> list[Station]:
    """What the order depends on, one for each matrix."""
    return [
        Station(one.matrix.key, one.matrix.name, one.n_source, one.n_target, index)
        for index, one in enumerate(oriented)
    ]


def orient(matrices: Sequence[Matrix], *, in_line: bool) -> tuple[tuple[Oriented, ...], tuple[str, ...]]:
    """Decide for each matrix which axis is the input.

    A bias beside a matrix that is not square settles it, since there is one value for each output.  Else the file
    format decides.  Where it says nothing (NumPy files, names that torch modules do not use, such as ``kernel``), the
    orientation is taken in which more neighbours fit; in a tie (in, out), or what the format usually writes.

    Parameters
    ----------
    matrices : sequence of Matrix
    in_line : bool
        Whether they are given in the order of the network; else their names are compared.

    Returns
    -------
    oriented : tuple of Oriented
    warnings : tuple of str
    """
    by_bias = [_by_bias(matrix) for matrix in matrices]
    flipped = [m for m, axes in zip(matrices, by_bias, strict=True) if axes not in (None, _declared(m))]
    agreeing = [m for m, axes in zip(matrices, by_bias, strict=True) if axes is not None and axes == _declared(m)]
    axes = list(by_bias)
    for index, matrix in enumerate(matrices):
        if axes[index] is None and not _is_open(matrix):
            # GPT-2 stores (in, out) with biases; its square matrices follow the others.
            square = flipped and not agreeing and matrix.bias is not None and not matrix.is_embedding
            axes[index] = _other(matrix) if square else _declared(matrix)
    warnings = []
    for way, common in (("(in, out)", "(out, in)"), ("(out, in)", "(in, out)")):
        turned = [m for m in flipped if m.layout != "unknown" and (_declared(m) == "out_in") == (common == "(out, in)")]
        if turned:
            reason = "the bias has one value for each output"
            warnings.append(f"{_names(turned)}: read as {way} although the format usually means {common}: {reason}")
    if still_open := [matrix for matrix, known in zip(matrices, axes, strict=True) if known is None]:
        usual, word = _open_axes(matrices, axes, in_line=in_line)
        axes = [usual(matrix) if known is None else known for matrix, known in zip(matrices, axes, strict=True)]
        if word:
            warnings.append(f"{_names(still_open)}: {word}")
    oriented = tuple(_oriented(m, a) for m, a in zip(matrices, axes, strict=True) if a is not None)
    if not any(by_bias) and not still_open:
        warnings += _doubts(oriented, in_line=in_line)
    return oriented, tuple(warnings)


def _doubts(oriented: Sequence[Oriented], *, in_line: bool) -> Iterator[str]:
    """Without a bias to tell, that more neighbours would fit the other way round is said, and nothing is turned."""
    matrices = [one.matrix for one in oriented]
    if len({one.axes for one in oriented}) != 1 or any(len(m.shape) != 2 or m.is_embedding for m in matrices):
        return
    turned = [_oriented(one.matrix, "in_out" if one.axes == "out_in" else "out_in") for one in oriented]
    if _n_joints(turned, in_line=in_line) > _n_joints(list(oriented), in_line=in_line):
        way, other = ("(out, in)", "(in, out)") if oriented[0].axes == "out_in" else ("(in, out)", "(out, in)")
        yield (
            f"{_names(matrices)}: read as {way}, the convention of this format; more neighbours would fit as {other}: "
            "if the file stores them so, transpose them"
        )


def _oriented(matrix: Matrix, axes: Axes) -> Oriented:
    return Oriented(matrix, axes, channel_minor=matrix.layout == "channels_last" or axes != "out_in")


def _is_open(matrix: Matrix) -> bool:
    """Whether the format says nothing that can be relied on."""
    if matrix.is_embedding:
        return False
    usual_name = re.search(r"weight|in_proj", matrix.key) is not None
    return matrix.layout == "unknown" or (matrix.layout == "torch" and not usual_name)


def _is_kernel(matrix: Matrix) -> bool:
    """Whether its name is the one that Flax and Keras use, which write (in, out)."""
    return re.search(r"kernel", matrix.key) is not None and matrix.layout == "torch"


def _declared(matrix: Matrix) -> Axes:
    if matrix.is_embedding and len(matrix.shape) == 2:
        return "in_out"
    return "out_in" if matrix.layout == "torch" else _last(matrix)


def _other(matrix: Matrix) -> Axes:
    if _declared(matrix) != "out_in":
        return "out_in"
    return "in_out"


def _last(matrix: Matrix) -> Axes:
    return "in_out" if len(matrix.shape) == 2 else "channels_last"


def _out_in(_: Matrix) -> Axes:
    return "out_in"


def _by_bias(matrix: Matrix) -> Axes | None:
    """The one orientation in which the bias has as many values as there are outputs."""
    if matrix.bias is None or matrix.is_embedding:
        return None
    ways = {_declared(matrix), _other(matrix)}
    if matrix.layout == "unknown":
        ways = {"out_in", _last(matrix)}
    fitting = [axes for axes in ways if Oriented(matrix, axes, channel_minor=False).n_target == matrix.bias]
    return fitting[0] if len(fitting) == 1 else None


def _open_axes(
    matrices: Sequence[Matrix], known: Sequence[Axes | None], *, in_line: bool
) -> tuple[Callable[[Matrix], Axes], str]:
    """The orientation of all matrices that nothing else has settled, and a warning where it is a guess."""
    scores = []
    for choice in (_last, _out_in):
        trial = [_oriented(m, axes or choice(m)) for m, axes in zip(matrices, known, strict=True)]
        scores.append((_n_joints(trial, in_line=in_line), sum(_kernel_first(m, choice) for m in matrices)))
    if scores[0] > scores[1]:
        torch = any(m.layout == "torch" for m, axes in zip(matrices, known, strict=True) if axes is None)
        return _last, "read as (in, out), the only way in which neighbours fit" if torch else ""
    if scores[0] < scores[1]:
        return _out_in, ""
    still = [matrix for matrix, axes in zip(matrices, known, strict=True) if axes is None]
    if all(map(_is_kernel, still)):
        return _last, "nothing but the name kernel says which axis is the input; read as (in, out), as Flax writes"
    if all(matrix.layout == "torch" for matrix in matrices):
        return _out_in, ""
    return _last, "the file does not say which axis is the input; read as (in, out)"


def _kernel_first(matrix: Matrix, choice: Callable[[Matrix], Axes]) -> bool:
    """Whether the axes that would be the kernel are the smaller ones and equally long."""
    kernel = matrix.shape[:-2] if choice is _last else matrix.shape[2:]
    return bool(kernel) and len(set(kernel)) == 1 and math.prod(kernel) ** (1 / len(kernel)) < max(matrix.shape)


def _n_joints(trial: list[Oriented], *, in_line: bool) -> int:
    if in_line:
        return sum(joint(left, right) is not None for left, right in itertools.pairwise(trial))
    return n_joints(stations(trial), lambda left, right: joint(trial[left.index], trial[right.index]) is not None)


def _names(matrices: Sequence[Matrix]) -> str:
    return listed([matrix.name for matrix in matrices], 4)
