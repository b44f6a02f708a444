"""Kinds of drawings: each serves several figures, by its parameters."""
