"""Which names a pickle may ask for: those that are understood, those that are passed over, and no others."""

from __future__ import annotations

from collections.abc import Iterable

from sparsegraph.errors import UnsafeFileError
from sparsegraph.io.pickles.nodes import Call, Pairs

UNDERSTOOD = frozenset(
    {
        "collections.OrderedDict",
        "torch._utils._rebuild_tensor",
        "torch._utils._rebuild_tensor_v2",
        "torch._utils._rebuild_tensor_v3",
        "torch._utils._rebuild_parameter",
        "torch._utils._rebuild_parameter_with_state",
        "torch._utils._rebuild_sparse_tensor",
        "torch._utils._rebuild_sparse_csr_tensor",
        "torch._utils._rebuild_device_tensor_from_numpy",
        "torch._tensor._rebuild_from_type_v2",
        "torch.storage._load_from_bytes",
        "torch.serialization._get_layout",
        "torch.Size",
        "_codecs.encode",
        "numpy.dtype",
        *(
            f"numpy.{core}.{name}"
            for core in ("core", "_core")
            for name in ("multiarray._reconstruct", "multiarray.scalar", "numeric._frombuffer")
        ),
    }
)
"""Calls whose meaning is known, so that they can be read as data."""

PASSED_OVER = frozenset(
    {
        "torch._utils._rebuild_qtensor",
        "torch._utils._rebuild_nested_tensor",
        "torch._utils._rebuild_meta_tensor_no_storage",
        "torch._utils._rebuild_wrapper_subclass",
        "torch.nn.backends.thnn._get_thnn_function_backend",
        "torch.device",
        "torch.Generator",
        "argparse.Namespace",
        "builtins.bytearray",
        "builtins.complex",
        "builtins.frozenset",
        "builtins.range",
        "builtins.set",
        "builtins.slice",
        "__builtin__.bytearray",
        "__builtin__.frozenset",
        "__builtin__.set",
        "collections.Counter",
        "collections.defaultdict",
        "collections.deque",
        "datetime.date",
        "datetime.datetime",
        "datetime.timedelta",
        "datetime.timezone",
        "pathlib.PosixPath",
        "pathlib.PurePosixPath",
        "pathlib.WindowsPath",
        "pathlib._local.PosixPath",
        "pathlib._local.WindowsPath",
    }
)
"""Calls without a tensor that matters here; what they would give is left out."""


def is_module(call: Call) -> bool:
    """Whether a call describes a ``torch.nn.Module`` of any class: an object with its three registers."""
    attributes = call.attributes()
    return call.is_object and all(
        isinstance(attributes.get(register), Pairs) for register in ("_parameters", "_buffers", "_modules")
    )


def is_torch_object(call: Call) -> bool:
    """Whether a call describes an object of one of torch's own classes (an optimiser, a scripted module)."""
    return call.is_object and call.target.module.partition(".")[0] in ("torch", "__torch__")


def check_calls(calls: Iterable[Call]) -> None:
    """Refuse a pickle that asks for anything but tensors, modules and the names above.

    Nothing has been imported or called by then, and nothing will be: the refusal tells the user that the file holds
    more than data.

    Raises
    ------
    UnsafeFileError
        Names the first global that is not allowed.
    """
    for call in calls:
        path = call.target.path
        if path not in UNDERSTOOD and path not in PASSED_OVER and not is_module(call) and not is_torch_object(call):
            raise UnsafeFileError(
                f"a pickle that asks for {path}, whose code would have to run; if you trust it, load it where its "
                "classes are known and save model.state_dict()"
            )
