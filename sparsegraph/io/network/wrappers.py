"""Names without what training scripts wrap around them: containers, copies, optimiser state, ``module.`` prefixes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from sparsegraph.io.tensor import StoredTensor

Group = Literal["model", "masks", "optimiser", "copy"]

_STATE_DICTS = ("state_dict", "model_state_dict", "model_state", "model_weights")
_GENERIC = ("model", "net", "network", "module", "params", "parameters", "weights", "matrices")
_COPIES: tuple[str, ...] = (
    "ema",
    "ema_state_dict",
    "state_dict_ema",
    "model_ema",
    "ema_model",
    "swa",
    "swa_state_dict",
    "teacher",
)
_COPIES += ("averaged", "best_state_dict", "initial_state_dict", "init_state_dict", "w0")
_OPTIMISERS: tuple[str, ...] = (
    "optimizer",
    "optimizer_state_dict",
    "optimiser",
    "optim",
    "optimizers",
    "optimizer_states",
)
_OPTIMISERS += ("optimizer_weights", "scheduler", "lr_scheduler", "scaler", "amp", "callbacks", "loops", "opt_state")
_MASKS = ("masks", "mask", "mask_dict", "backward_masks", "weight_masks")
_INNER = ("_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module")


@dataclass(frozen=True)
class Named:
    """A tensor with its name unwrapped.

    Parameters
    ----------
    tensor : StoredTensor
    key : str
        Dotted name without wrappers; within the group ``masks``, the name of what is masked.
    group : {"model", "masks", "optimiser", "copy"}
    why : str
        For what is not the model: where it lay.
    """

    tensor: StoredTensor
    key: str
    group: Group
    why: str = ""


def unwrap(tensors: Sequence[StoredTensor]) -> tuple[Named, ...]:
    """Sort tensors into model, masks, optimiser state and copies of the model, and strip wrappers from their names."""
    dotted = [_dotted(tensor.name) for tensor in tensors]
    groups: dict[int, Named] = {}
    for index, (tensor, name) in enumerate(zip(tensors, dotted, strict=True)):
        if (head := next((part for part in name.split(".")[:2] if part in _OPTIMISERS), None)) is not None:
            groups[index] = Named(tensor, name, "optimiser", f"optimiser or training state ({head})")
    rest = {i: dotted[i] for i in range(len(tensors)) if i not in groups}
    for index, target in _masked_names(tensors, rest).items():
        groups[index] = Named(tensors[index], target, "masks")
        del rest[index]
    chosen = _chosen_state_dict(rest.values())
    for index, head in _copies(rest, chosen).items():
        why = f"part of {head!r}, another copy of the model; {chosen or 'the rest'!r} was taken"
        groups[index] = Named(tensors[index], rest.pop(index), "copy", why)
    matrices = [name for index, name in rest.items() if len(tensors[index].shape) >= 2]
    prefixes = _wrapping_prefixes(matrices or list(rest.values()), chosen)
    for index, name in rest.items():
        groups[index] = Named(tensors[index], _strip(name, prefixes), "model")
    return tuple(groups[index] for index in range(len(tensors)))


def bare(key: str) -> str:
    """A name without any leading container, however many; what masks and weights are matched by."""
    parts = [part for part in _dotted(key).split(".") if part not in _INNER]
    while len(parts) > 1 and parts[0] in (*_STATE_DICTS, *_GENERIC):
        parts = parts[1:]
    return ".".join(parts)


def _dotted(name: str) -> str:
    """One spelling: dots between levels, list items as a level ``[3]`` of their own, no ``:0`` of TensorFlow."""
    name = re.sub(r":\d+$", "", name.replace("/", "."))
    return re.sub(r"\.?\[(\d+)\]", r".[\1]", name).strip(".")


def _masked_names(tensors: Sequence[StoredTensor], names: dict[int, str]) -> dict[int, str]:
    """Tensors inside a container of masks, and the name that each masks."""
    inside: dict[int, tuple[str, str]] = {}
    for index, name in names.items():
        parts = name.split(".")
        level = next((i for i, part in enumerate(parts[:3]) if part in _MASKS and i + 1 < len(parts)), None)
        if level is not None and (level == 0 or parts[0] in ("pruner", "checkpoint", *_STATE_DICTS)):
            inside[index] = (parts[level], ".".join(parts[level + 1 :]))
    outside = {(bare(name), tensors[i].shape) for i, name in names.items() if i not in inside}
    alone = not any(len(tensors[i].shape) >= 2 for i in names if i not in inside)
    found = {}
    for index, (container, target) in inside.items():
        # "mask" may also be a module of the model (a mask head): believed only if it masks something that is there.
        listed = target.startswith("[")
        if container != "mask" or alone or listed or (bare(target), tensors[index].shape) in outside:
            found[index] = target
    return found


def _chosen_state_dict(names: Iterable[str]) -> str | None:
    heads = {name.split(".")[0] for name in names if "." in name}
    return next((known for known in (*_STATE_DICTS, *_GENERIC) if known in heads), None)


def _copies(names: dict[int, str], chosen: str | None) -> dict[int, str]:
    """Tensors of further state dicts that hold the same names as the chosen one."""
    inner: dict[str, set[str]] = {}
    for name in names.values():
        head, _, tail = name.partition(".")
        inner.setdefault(head, set()).add(bare(tail))
    if chosen is None:
        return {}
    known = {*_STATE_DICTS, *_GENERIC, *_COPIES} - {chosen}
    copies = {head for head in inner.keys() & known if head in _COPIES or inner[head] & inner[chosen]}
    return {index: name.split(".")[0] for index, name in names.items() if name.split(".")[0] in copies}


def _wrapping_prefixes(names: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """Containers to strip, outermost first: state dicts always, other words only where they wrap everything."""
    prefixes: list[str] = []
    if chosen in _STATE_DICTS:
        prefixes.append(chosen)
        names = [name.removeprefix(f"{chosen}.") for name in names if name.startswith(f"{chosen}.")]
    while names:
        heads = {name.split(".")[0] if "." in name else "" for name in names}
        head = next(iter(heads))
        if len(heads) > 1 or head not in (*_STATE_DICTS, *_GENERIC, *_COPIES, *_INNER):
            break
        prefixes.append(head)
        names = [name.removeprefix(f"{head}.") for name in names]
    return tuple(prefixes)


def _strip(name: str, prefixes: tuple[str, ...]) -> str:
    for prefix in prefixes:
        name = name.removeprefix(f"{prefix}.")
    return ".".join(part for part in name.split(".") if part not in _INNER)
