"""Amounts of memory from the command line."""

from __future__ import annotations

import re

import typer

_UNITS = {"": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def bytes_from(text: str) -> int:
    """Number of bytes from words such as ``500M`` or ``4G``.

    Examples
    --------
    >>> bytes_from("4G"), bytes_from("512 MiB"), bytes_from("1000")
    (4294967296, 536870912, 1000)
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?", text.strip().lower())
    if match is None:
        raise typer.BadParameter(f"{text!r} is no amount of memory; write 500M or 4G")
    return int(float(match[1]) * _UNITS[match[2]])
