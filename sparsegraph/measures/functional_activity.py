"""Activity as data show it: which neurons answer at all, and which hardly, beside those that links alone leave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sparsegraph.arguments import kind_of
from sparsegraph.errors import DataError
from sparsegraph.graph.layered import LayeredGraph
from sparsegraph.graph.percolation import percolate
from sparsegraph.graph.readout import ReadoutPolicy, choose_readout
from sparsegraph.measures.catalogue import register
from sparsegraph.result import Result, Undefined

NO_DATA = "no data set"
NEEDS_DATA = Undefined("needs the activations of a data set: --data recorded (a run), --data NAME; or activations=")


@dataclass(frozen=True)
class NeuronSetResponse(Result):
    """Response of one set of neurons to data.

    Parameters
    ----------
    n_neurons : int
    functional_anp : float
        Share of neurons whose mean absolute activation is above 0.
    structural_anp : float
        Share on a path from input to output in the counted graph, as in the measure ``activity``.
    joint_anp : float
        Share that is both.
    dormant : mapping of str to float
        For each tau the share of neurons with a score of at most that; undefined outside hidden layers.
    """

    n_neurons: int
    functional_anp: float | Undefined
    structural_anp: float
    joint_anp: float | Undefined
    dormant: Mapping[str, float | Undefined]


@dataclass(frozen=True)
class LayerResponse(NeuronSetResponse):
    """Response of one layer."""

    layer: str


@dataclass(frozen=True)
class FunctionalActivity(Result):
    """Response of all counted layers.

    Parameters
    ----------
    per_layer : tuple of LayerResponse
    whole : NeuronSetResponse
        All counted layers pooled.
    hidden : NeuronSetResponse or Undefined
        Hidden layers pooled; scores are those within each layer.
    dormant_share : float or Undefined
        Of hidden neurons, at tau = 0: neurons that never answer.
    readout : str
        Convention.
    data : str
        What the neurons answer to, and how they compute.
    score, inputs, hidden_layers : str
        Conventions.
    """

    per_layer: tuple[LayerResponse, ...]
    whole: NeuronSetResponse
    hidden: NeuronSetResponse | Undefined
    dormant_share: float | Undefined
    readout: str
    data: str
    score: str = "mean |activation| over its mean in the layer; a silent layer is dormant as a whole"
    inputs: str = "an input that is the same in all samples counts as silent"
    hidden_layers: str = "neither input nor output of the whole net"


@register("functional_activity", main=("hidden.functional_anp", "hidden.joint_anp", "dormant_share"))
def functional_activity(
    graph: LayeredGraph,
    *,
    activations: Mapping[str, np.ndarray] | None = None,
    data: str = "a data set that was not named",
    readout: ReadoutPolicy = "auto",
    taus: Sequence[float] = (0.0, 0.025),
) -> FunctionalActivity:
    """Dormant neurons and active ones as a data set shows them, beside those that paths tell.

    Score of neuron i of a hidden layer with H neurons, over the samples of a data set:
    ``s_i = E|h_i| / ((1/H) sum_k E|h_k|)``; it is tau-dormant if ``s_i <= tau``.  A neuron is functionally active if
    ``E|h_i| > 0``, structurally if it lies on a path from input to output, and jointly if both.

    Parameters
    ----------
    graph : LayeredGraph
    activations : mapping of str to ndarray of float, shape (layer size,), optional
        Mean absolute activation of each neuron by layer name, such as
        ``sparsegraph.perturb.network.Network.mean_activations`` gives; every layer that is counted is needed.  Without
        it all but the structural shares is undefined.
    data : str
        In words, what the activations are of: data set, number of images, normalisation, activation function.
    readout : {"auto", "include", "exclude"}
        Whether a dense last block counts for paths, and its outputs as neurons; see
        :func:`sparsegraph.graph.readout.choose_readout`.
    taus : sequence of float
        Thresholds; 0 and 0.025 are those of the paper.

    Returns
    -------
    FunctionalActivity

    Raises
    ------
    TypeError
        If activations are no mapping.
    DataError
        If activations of a counted layer are missing, are of another length, negative or not finite, or if taus holds
        a negative number.

    Notes
    -----
    O(links).  A neuron without inputs but with a positive bias always answers: functionally active, and not on any
    path, which is what the joint share is for.  Images have inputs that never change, such as the corners of MNIST;
    paths may lead from them, yet they carry nothing.

    References
    ----------
    G. Sokar, R. Agarwal, P. S. Castro, U. Evci, The dormant neuron phenomenon in deep reinforcement learning, ICML
    2023, definition 3.1.
    Zhang et al., Epitopological learning and Cannistraci-Hebb network shape intelligence brain-inspired theory for
    ultra-sparse advantage in deep learning, ICLR 2024, section 4.2 (ANP).

    Examples
    --------
    >>> import numpy as np
    >>> graph = LayeredGraph.from_matrices([np.ones((1, 2)), np.array([[1.0], [0.0]])])
    >>> seen = {"input": np.ones(1), "hidden1": np.array([0.0, 3.0]), "output": np.ones(1)}
    >>> found = functional_activity(graph, activations=seen)
    >>> found.dormant_share, found.hidden.functional_anp, found.hidden.joint_anp
    (0.5, 0.5, 0.0)
    """
    if any(not tau >= 0 for tau in taus):
        raise DataError(f"taus are {tuple(taus)}; a threshold is at least 0")
    choice = choose_readout(graph, readout)
    counted = [layer.name for layer in choice.graph.layers]
    if activations is not None:
        _check(graph, activations, counted)
    on_path = dict(zip(counted, percolate(choice.graph).active, strict=True))
    hidden_names = [graph.layers[i].name for i in graph.hidden_layers]
    responses = {
        name: _Response(flags, *_answers(activations, name, is_hidden=name in hidden_names))
        for name, flags in on_path.items()
    }
    hidden: NeuronSetResponse | Undefined = Undefined("the graph has no hidden layer")
    if hidden_names:
        hidden = NeuronSetResponse(**_shares([responses[name] for name in hidden_names], taus))
    silent = hidden if isinstance(hidden, Undefined) else _dormant([responses[n] for n in hidden_names], 0.0)
    return FunctionalActivity(
        tuple(LayerResponse(**_shares([responses[name]], taus), layer=name) for name in counted),
        NeuronSetResponse(**_shares(list(responses.values()), taus)),
        hidden,
        silent,
        choice.convention,
        NO_DATA if activations is None else data,
    )


@dataclass(frozen=True)
class _Response:
    """Of the neurons of a layer: on a path or not, answering or not (None: unknown), and score (None: none)."""

    on_path: np.ndarray
    answers: np.ndarray | None
    score: np.ndarray | None


def _answers(
    activations: Mapping[str, np.ndarray] | None, name: str, *, is_hidden: bool
) -> tuple[np.ndarray | None, np.ndarray | None]:
    if activations is None:
        return None, None
    means = np.asarray(activations[name], np.float64)
    if not is_hidden:
        return means > 0, None
    # dividing by the largest first keeps sums in range
    scaled = means / (means.max() or 1.0)
    return means > 0, scaled / (scaled.mean() or 1.0)


def _shares(responses: Sequence[_Response], taus: Sequence[float]) -> dict[str, Any]:
    on_path = np.concatenate([response.on_path for response in responses])
    known = [response.answers for response in responses if response.answers is not None]
    functional: float | Undefined = NEEDS_DATA
    joint: float | Undefined = NEEDS_DATA
    if known:
        answers = np.concatenate(known)
        functional, joint = float(answers.mean()), float((answers & on_path).mean())
    return {
        "n_neurons": on_path.size,
        "functional_anp": functional,
        "structural_anp": float(on_path.mean()),
        "joint_anp": joint,
        "dormant": {f"{tau:g}": _dormant(responses, tau) for tau in taus},
    }


def _dormant(responses: Sequence[_Response], tau: float) -> float | Undefined:
    """Share of the neurons with scores that have at most tau."""
    if all(response.answers is None for response in responses):
        return NEEDS_DATA
    scores = [response.score for response in responses if response.score is not None]
    if len(scores) < len(responses):
        return Undefined("dormancy is defined for hidden layers")
    return float((np.concatenate(scores) <= tau).mean())


def _check(graph: LayeredGraph, activations: Mapping[str, np.ndarray], counted: Sequence[str]) -> None:
    sizes = {layer.name: layer.size for layer in graph.layers}
    if not isinstance(activations, Mapping):
        raise TypeError(
            f"activations are a mapping of layer names, such as {counted[0]!r}, to arrays, not {kind_of(activations)}; "
            "sparsegraph.perturb.subject.activations_of makes one of a run or checkpoint"
        )
    for name in [*counted, *(name for name in activations if name in sizes)]:
        if name not in activations:
            raise DataError(f"activations of layer {name!r} are missing; there are those of: {', '.join(activations)}")
        means = np.asarray(activations[name])
        if (
            means.shape != (sizes[name],)
            or means.dtype.kind not in "fiu"
            or not (np.isfinite(means) & (means >= 0)).all()
        ):
            raise DataError(
                f"activations of layer {name!r} must be {sizes[name]} finite means of absolute values, at least 0"
            )
