"""Functions that exist twice: as plain numpy, and as the LLVM that kernels compile their calls to."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from numba import types
from numba.extending import lower_builtin, type_callable


def compiles(plain: Callable[..., Any], result: types.Type, *arguments: type[types.Type]) -> Callable[..., Any]:
    """Let kernels compile calls of ``plain`` to what the decorated function builds.

    Where numba is switched off (``NUMBA_DISABLE_JIT=1``) the plain function runs: the reference of the other, and a
    fallback.

    Parameters
    ----------
    plain : callable
        What the function means, in numpy.
    result : numba type
    *arguments : numba type classes
        One an argument.

    Returns
    -------
    callable
        Decorator of ``build(context, builder, arguments)``, which gets for each argument its type and its LLVM value
        and gives back the LLVM value of the result, or None.
    """

    @type_callable(plain)
    def typing(context: Any) -> Callable[..., types.Type]:
        @wraps(plain)
        def answer(*given: types.Type) -> types.Type:
            return result

        return answer

    def decorate(build: Callable[..., Any]) -> Callable[..., Any]:
        @lower_builtin(plain, *arguments)
        def lowering(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            made = build(context, builder, list(zip(signature.args, values, strict=True)))
            return context.get_dummy_value() if made is None else made

        return build

    return decorate
