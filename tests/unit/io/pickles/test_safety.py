"""Pickles that would run code when loaded: each is refused by name, and nothing runs."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sparsegraph.errors import LoadError, UnsafeFileError
from sparsegraph.io.contents import read_contents
from sparsegraph.io.readers.torch_file import LEGACY_MAGIC

MARKER = "ran"


class Evil:
    """Reduces to whatever call it is given."""

    def __init__(self, function: Callable[..., object], *args: object) -> None:
        self.call = (function, args)

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.call


def text(value: str) -> bytes:
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def payloads(target: Path) -> dict[str, bytes]:
    """Pickles that write ``target`` when ``pickle.loads`` gets them, by each way that there is to call something."""
    command = f"touch {target}"
    source = f"open({str(target)!r}, 'w').close()"
    one = text(command)
    return {
        "REDUCE": b"\x80\x02cos\nsystem\n" + one + b"\x85R.",
        "STACK_GLOBAL": b"\x80\x04\x8c\x02os\x8c\x06system\x93" + one + b"\x85R.",
        "INST": b"(S'" + command.encode() + b"'\nios\nsystem\n.",
        "OBJ": b"(cos\nsystem\n" + one + b"o.",
        "NEWOBJ": b"\x80\x02csubprocess\nPopen\n(]" + b"(" + text("touch") + text(str(target)) + b"et\x81.",
        "NEWOBJ_EX": b"\x80\x04csubprocess\nPopen\n](" + text("touch") + text(str(target)) + b"e\x85}\x92.",
        "eval": pickle.dumps(Evil(eval, source)),
        "exec in a list": pickle.dumps([np.ones(3), Evil(exec, source)]),
        "exec as a key": b"\x80\x02}cbuiltins\nexec\n" + text(source) + b"\x85RK\x01s.",
        "getattr chain": b"\x80\x02cbuiltins\ngetattr\ncos\nenviron\n" + text("get") + b"\x86R" + one + b"\x85R.",
        "reconstructor": b"ccopy_reg\n_reconstructor\n(csubprocess\nPopen\ncbuiltins\nobject\nNtR}"
        + text("args")
        + one
        + b"sb.",
        "newobj function": b"\x80\x02ccopyreg\n__newobj__\ncsubprocess\nPopen\n" + one + b"\x86R.",
        "allowed class": b"\x80\x02ctorch.serialization\nload\n" + text(str(target)) + b"\x85R.",
        "hub": b"\x80\x02ctorch.hub\nload\n" + text("evil/repo") + text("main") + b"\x86R.",
        "in a parameter": b"\x80\x02ctorch._utils\n_rebuild_parameter\n(cos\nsystem\n" + one + b"\x85R\x89}tR.",
        "as a dtype": b"\x80\x02cnumpy\ndtype\ncos\nsystem\n" + one + b"\x85R\x85R.",
        "discarded": b"\x80\x02cos\nsystem\n" + one + b"\x85R0]" + b".",
        "after the memo": b"\x80\x02cos\nsystem\nq\x00" + one + b"\x85q\x010" + b"h\x00h\x01R.",
    }


def as_zip(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("archive/data.pkl", data)
        archive.writestr("archive/version", "3\n")
    return stream.getvalue()


def as_legacy(data: bytes) -> bytes:
    rest = pickle.dumps(1001, 2) + pickle.dumps({"little_endian": True}, 2)
    return b"\x80\x02" + LEGACY_MAGIC + rest + data + pickle.dumps([], 2)


@pytest.mark.parametrize("wrap", [bytes, as_zip, as_legacy], ids=["pickle", "torch zip", "torch legacy"])
@pytest.mark.parametrize("name", payloads(Path("x")))
def test_nothing_runs(name: str, wrap: Callable[[bytes], bytes], tmp_path: Path) -> None:
    target = tmp_path / MARKER
    file = tmp_path / "evil.pt"
    file.write_bytes(wrap(payloads(target)[name]))
    with pytest.raises(UnsafeFileError, match=r"asks for|without a name"):
        read_contents(file)
    assert not target.exists()


def test_the_payloads_are_live_ones(tmp_path: Path) -> None:
    # otherwise the test above could not fail
    target = tmp_path / MARKER
    for name in ("REDUCE", "STACK_GLOBAL", "OBJ", "INST", "eval", "discarded", "after the memo"):
        pickle.loads(payloads(target)[name])
        assert target.exists(), name
        target.unlink()


def test_the_refusal_names_the_global_and_the_way_out(tmp_path: Path) -> None:
    file = tmp_path / "evil.pkl"
    file.write_bytes(payloads(tmp_path / MARKER)["eval"])
    with pytest.raises(UnsafeFileError) as caught:
        read_contents(file)
    message = str(caught.value)
    assert "builtins.eval" in message
    assert "model.state_dict()" in message
    assert "\n" not in message
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("code", [b"\x82\x01.", b"\x83\x01\x00.", b"\x84\x01\x00\x00\x00.", b"\x97.", b"N\x98."])
def test_extension_codes_and_foreign_buffers_are_refused(code: bytes, tmp_path: Path) -> None:
    file = tmp_path / "evil.pkl"
    file.write_bytes(b"\x80\x05" + code)
    with pytest.raises(UnsafeFileError, match="not in the file"):
        read_contents(file)


def test_a_whole_module_of_any_class_is_read_and_not_run(tmp_path: Path) -> None:
    import torch

    file = tmp_path / "module.pt"
    state = {"_parameters": {"weight": torch.ones(2, 3)}, "_buffers": {}, "_modules": {}, "training": True}
    stream = io.BytesIO()
    torch.save({"state": state}, stream)
    with zipfile.ZipFile(stream) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    pickled = members["archive/data.pkl"]
    # {"state": {...}} becomes my.evil.Net() with that state: GLOBAL, EMPTY_TUPLE, NEWOBJ ... BUILD
    key = text("state")
    start, stop = pickled.index(key), pickled.rindex(b"s.")
    body = pickled[start + len(key) + 2 : stop]
    members["archive/data.pkl"] = b"\x80\x02cmy.evil\nNet\n)\x81" + body + b"b."
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    contents = read_contents(file)
    assert [tensor.name for tensor in contents.tensors] == ["weight"]
    assert contents.notes == ("whole module: read without running its code",)
    assert np.array_equal(contents.tensors[0].read(), np.ones((2, 3)))


@pytest.mark.parametrize(
    "data",
    [
        b"\x80\x04" + b"(" * 100_000 + b".",
        b"\x80\x04" + b"]" * 100_000 + b"a" * 99_999 + b".",
        b"\x80\x04" + b")" + b"\x85" * 100_000 + b".",
        b"\x80\x04" + b"}" + (b"\x94]" + b"h\x00a") * 1000 + b".",
        b"\x80\x04\x95" + b"\xff" * 8 + b"N.",
        b"\x80\x04\x8e" + b"\xff" * 8 + b"N.",
        b"\x80\x04\x8d" + b"\xff" * 7 + b"\x7f" + b"N.",
        b"\x80\x04\x8b\xff\xff\xff\x7fN.",
        b"\x80\x02T\xff\xff\xff\xffN.",
        b"\x80\x04r\xff\xff\xff\xff.",
        b"\x80\x04j\xff\xff\xff\xff.",
        b"\x80\x04I" + b"9" * 100_000 + b"\n.",
        b"\x80\x04" + b"N0" * 10,
        b"\x80\x04.",
        b"\x80\x02}q\x00h\x00h\x00s.",
        b"\x80\x02]q\x00h\x00a.",
    ],
    ids=range(16),
)
def test_hostile_opcodes_are_refused_at_once(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "hostile.pkl"
    file.write_bytes(data)
    with pytest.raises(LoadError):
        read_contents(file)


def test_lists_that_hold_each_other_cost_no_more_than_their_length(tmp_path: Path) -> None:
    # 2^40 leaves if each reference were followed
    level: list[object] = [np.ones(2)]
    for _ in range(40):
        level = [level, level]
    file = tmp_path / "laughs.pkl"
    file.write_bytes(pickle.dumps(level))
    assert len(read_contents(file).tensors) == 1
