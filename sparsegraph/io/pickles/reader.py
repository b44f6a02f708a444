"""The opcodes of a pickle, read as a description: imports nothing, calls nothing, bounds everything.

`pickle.load` is a machine that builds objects by importing names and calling them.  This one runs the same
instructions on a stack of inert nodes: a name stays a :class:`~sparsegraph.io.pickles.nodes.Global`, a call a
:class:`~sparsegraph.io.pickles.nodes.Call`.  Whatever the file asks for is written down and not done.
"""

from __future__ import annotations

import codecs
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from sparsegraph.errors import LoadError, UnsafeFileError
from sparsegraph.io.limits import PICKLE_OPCODES
from sparsegraph.io.pickles.nodes import Call, Global, Pairs, Persistent

_LONGEST_LINE = 1 << 31
HIGHEST_PROTOCOL = 5


@dataclass(frozen=True)
class Described:
    """A pickle's content: the object that it describes, every call on the way there (done by nobody), and every
    reference to something outside the pickle.
    """

    root: Any
    calls: tuple[Call, ...]
    references: tuple[Persistent, ...]


def read_pickle(file: IO[bytes], size: int) -> Described:
    """The description of the pickle at the file's position; leaves the position behind it.

    Parameters
    ----------
    file : binary file
    size : int
        Where the file ends; every length in the pickle is checked against it before a byte is read.

    Returns
    -------
    Described
        Made of None, bool, int, float, str, bytes, list, tuple and the nodes of ``pickle_nodes``.

    Raises
    ------
    LoadError
        If the opcodes are not those of a complete pickle, or more than ``PICKLE_OPCODES``.
    UnsafeFileError
        If it uses the extension registry or buffers outside the file.
    """
    machine = _Machine(file, size)
    for _ in range(PICKLE_OPCODES):
        code = machine.take(1)
        if code == b".":
            return Described(machine.pop(), tuple(machine.calls), tuple(machine.references))
        operation = _OPERATIONS.get(code[0])
        if operation is None:
            raise damaged(f"the byte {code.hex()} is no opcode")
        operation(machine)
    raise LoadError(f"a pickle of more than {PICKLE_OPCODES} opcodes; save tensors only, as a state_dict")


def damaged(reason: str) -> LoadError:
    """The error for opcodes that no pickler writes."""
    return LoadError(f"a truncated or damaged pickle ({reason}); copy or save it again")


class _Machine:
    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size - file.tell()
        self.stack: list[Any] = []
        self.marked: list[list[Any]] = []
        self.memo: dict[int, Any] = {}
        self.calls: list[Call] = []
        self.references: list[Persistent] = []
        self.spent: dict[int, list[Any]] = {}

    def take(self, n: int) -> bytes:
        if n > self.left or n < 0:
            raise damaged("it ends too early")
        data = self.file.read(n)
        if len(data) != n:
            raise damaged("it ends too early")
        self.left -= n
        return data

    def line(self) -> bytes:
        data = self.file.readline(min(self.left + 1, _LONGEST_LINE))
        if not data.endswith(b"\n"):
            raise damaged("a line does not end")
        self.left -= len(data)
        return data[:-1].removesuffix(b"\r")

    def number(self, layout: str) -> Any:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def push(self, value: Any) -> None:
        self.stack.append(value)

    def pop(self) -> Any:
        if not self.stack:
            raise damaged("its stack is empty")
        return self.stack.pop()

    def top(self) -> Any:
        if not self.stack:
            raise damaged("its stack is empty")
        return self.stack[-1]

    def mark(self) -> None:
        self.marked.append(self.stack)
        self.stack = []

    def pop_marked(self) -> list[Any]:
        if not self.marked:
            raise damaged("a mark is missing")
        items, self.stack = self.stack, self.marked.pop()
        return items

    def recall(self, index: int) -> None:
        if index not in self.memo:
            raise damaged("it recalls what it never stored")
        self.push(self.memo[index])

    def store(self, index: int) -> None:
        self.memo[index] = self.top()


def _ignore_size(machine: _Machine) -> None:
    if machine.number("<Q") > machine.left:
        raise damaged("a frame is longer than the file")


def _protocol(machine: _Machine) -> None:
    version = machine.number("<B")
    if version > HIGHEST_PROTOCOL:
        raise damaged(f"protocol {version} is not known")


def _integer_line(machine: _Machine) -> None:
    text = machine.line()
    machine.push({b"00": False, b"01": True}[text] if text in (b"00", b"01") else int(text))


def _long_line(machine: _Machine) -> None:
    machine.push(int(machine.line().rstrip(b"L")))


def _long(layout: str) -> Callable[[_Machine], None]:
    def operation(machine: _Machine) -> None:
        machine.push(int.from_bytes(machine.take(machine.number(layout)), "little", signed=True))

    return operation


def _string_line(machine: _Machine) -> None:
    text = machine.line().strip()
    if len(text) < 2 or text[:1] not in (b"'", b'"') or text[-1:] != text[:1]:
        raise damaged("a string has no quotes")
    machine.push(codecs.escape_decode(text[1:-1])[0].decode("latin-1"))


def _number(layout: str) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(machine.number(layout))


def _bytes(layout: str) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(machine.take(machine.number(layout)))


def _text(layout: str, encoding: str = "utf-8") -> Callable[[_Machine], None]:
    errors = "surrogatepass" if encoding == "utf-8" else "strict"
    return lambda machine: machine.push(machine.take(machine.number(layout)).decode(encoding, errors))


def _constant(make: Callable[[], Any]) -> Callable[[_Machine], None]:
    return lambda machine: machine.push(make())


def _tuple_of(n: int) -> Callable[[_Machine], None]:
    def operation(machine: _Machine) -> None:
        items = [machine.pop() for _ in range(n)]
        machine.push(tuple(reversed(items)))

    return operation


def _pair_up(items: list[Any]) -> list[tuple[Any, Any]]:
    if len(items) % 2:
        raise damaged("a key has no value")
    return list(zip(items[::2], items[1::2], strict=True))


def _dictionary(machine: _Machine) -> None:
    made = Pairs()
    made.extend(_pair_up(machine.pop_marked()))
    machine.push(made)


def _set_pairs(machine: _Machine, pairs: list[tuple[Any, Any]]) -> None:
    target = machine.top()
    if isinstance(target, Pairs):
        target.extend(pairs)
    elif isinstance(target, Call):
        target.entries = target.entries or Pairs()
        target.entries.extend(pairs)
    else:
        raise damaged("items are set on what is no dictionary")


def _set_item(machine: _Machine) -> None:
    value, key = machine.pop(), machine.pop()
    _set_pairs(machine, [(key, value)])


def _append(machine: _Machine, items: list[Any]) -> None:
    target = machine.top()
    if isinstance(target, list):
        target.extend(items)
    elif isinstance(target, Call):
        target.elements = [] if target.elements is None else target.elements
        target.elements.extend(items)
    else:
        raise damaged("items are added to what is no list")


def _global_line(machine: _Machine) -> None:
    machine.push(Global(machine.line().decode(), machine.line().decode()))


def _global_from_stack(machine: _Machine) -> None:
    name, module = machine.pop(), machine.pop()
    if not isinstance(name, str) or not isinstance(module, str):
        raise damaged("a global has no name")
    machine.push(Global(module, name))


def _call(machine: _Machine, target: Any, args: Any, *, is_object: bool) -> None:
    target = _named(target)
    if target is None or not isinstance(args, tuple):
        raise UnsafeFileError("a pickle that calls something without a name; save tensors only, as a state_dict")
    if target.path in _MAKERS and args and (made := _named(args[0])) is not None:
        target, args, is_object = made, (), True
    if target.path == "collections.OrderedDict":
        machine.push(_ordered(machine, args))
        return
    call = Call(target, args, is_object)
    machine.calls.append(call)
    machine.push(call)


def _ordered(machine: _Machine, args: tuple[Any, ...]) -> Pairs:
    """An ordered dictionary, which old protocols make from a list of pairs."""
    made = Pairs()
    if args and isinstance(args[0], list):
        if id(args[0]) in machine.spent:  # one list for many dictionaries: quadratic work from a linear file
            raise damaged("two dictionaries are made of one list")
        machine.spent[id(args[0])] = args[0]
        made.extend([(item[0], item[1]) for item in args[0] if isinstance(item, list | tuple) and len(item) == 2])
    return made


_MAKERS = {"copyreg._reconstructor", "copy_reg._reconstructor", "copyreg.__newobj__", "copy_reg.__newobj__"}


def _named(target: Any) -> Global | None:
    """The global behind a target: itself, or the class of a module that torch stored along with its source."""
    if isinstance(target, Persistent) and isinstance(target.key, tuple) and target.key[:1] == ("module",):
        target = target.key[1] if len(target.key) > 1 else None
    return target if isinstance(target, Global) else None


def _reduce(machine: _Machine) -> None:
    args, target = machine.pop(), machine.pop()
    _call(machine, target, args, is_object=False)


def _new(machine: _Machine) -> None:
    args, target = machine.pop(), machine.pop()
    _call(machine, target, args, is_object=True)


def _new_with_keywords(machine: _Machine) -> None:
    machine.pop()
    _new(machine)


def _instance(machine: _Machine) -> None:
    target = Global(machine.line().decode(), machine.line().decode())
    args = tuple(machine.pop_marked())
    _call(machine, target, args, is_object=not args)


def _object(machine: _Machine) -> None:
    items = machine.pop_marked()
    _call(machine, items[0] if items else None, tuple(items[1:]), is_object=len(items) == 1)


def _refer(machine: _Machine, key: Any) -> None:
    reference = Persistent(key)
    machine.references.append(reference)
    machine.push(reference)


def _build(machine: _Machine) -> None:
    state, target = machine.pop(), machine.top()
    if isinstance(target, Call):
        target.state = state


def _refuse(what: str) -> Callable[[_Machine], None]:
    def operation(_: _Machine) -> None:
        raise UnsafeFileError(f"a pickle that needs {what}, which is not in the file; save a state_dict instead")

    return operation


_OPERATIONS: dict[int, Callable[[_Machine], None]] = {
    ord(code): operation
    for code, operation in {
        "\x80": _protocol,
        "\x95": _ignore_size,
        "(": _Machine.mark,
        "0": lambda m: m.pop() if m.stack else m.pop_marked(),
        "1": _Machine.pop_marked,
        "2": lambda m: m.push(m.top()),
        "N": _constant(lambda: None),
        "\x88": _constant(lambda: True),
        "\x89": _constant(lambda: False),
        "I": _integer_line,
        "J": _number("<i"),
        "K": _number("<B"),
        "M": _number("<H"),
        "L": _long_line,
        "\x8a": _long("<B"),
        "\x8b": _long("<i"),
        "F": lambda m: m.push(float(m.line())),
        "G": _number(">d"),
        "S": _string_line,
        "T": _text("<i", "latin-1"),
        "U": _text("<B", "latin-1"),
        "B": _bytes("<I"),
        "C": _bytes("<B"),
        "\x8e": _bytes("<Q"),
        "\x96": _bytes("<Q"),
        "V": lambda m: m.push(m.line().decode("raw-unicode-escape")),
        "X": _text("<I"),
        "\x8c": _text("<B"),
        "\x8d": _text("<Q"),
        "]": _constant(list),
        "}": _constant(Pairs),
        "\x8f": _constant(list),
        ")": _constant(tuple),
        "l": lambda m: m.push(m.pop_marked()),
        "t": lambda m: m.push(tuple(m.pop_marked())),
        "d": _dictionary,
        "\x91": lambda m: m.push(m.pop_marked()),
        "\x85": _tuple_of(1),
        "\x86": _tuple_of(2),
        "\x87": _tuple_of(3),
        "a": lambda m: _append(m, [m.pop()]),
        "e": lambda m: _append(m, m.pop_marked()),
        "\x90": lambda m: _append(m, m.pop_marked()),
        "s": _set_item,
        "u": lambda m: _set_pairs(m, _pair_up(m.pop_marked())),
        "g": lambda m: m.recall(int(m.line())),
        "h": lambda m: m.recall(m.number("<B")),
        "j": lambda m: m.recall(m.number("<I")),
        "p": lambda m: m.store(int(m.line())),
        "q": lambda m: m.store(m.number("<B")),
        "r": lambda m: m.store(m.number("<I")),
        "\x94": lambda m: m.store(len(m.memo)),
        "c": _global_line,
        "\x93": _global_from_stack,
        "R": _reduce,
        "\x81": _new,
        "\x92": _new_with_keywords,
        "i": _instance,
        "o": _object,
        "b": _build,
        "P": lambda m: _refer(m, m.line().decode()),
        "Q": lambda m: _refer(m, m.pop()),
        "\x82": _refuse("the extension registry"),
        "\x83": _refuse("the extension registry"),
        "\x84": _refuse("the extension registry"),
        "\x97": _refuse("a buffer"),
        "\x98": _refuse("a buffer"),
    }.items()
}
