"""Pickles described and never run: opcodes to inert notes, and tensors and arrays from these."""
