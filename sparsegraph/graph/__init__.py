"""The nouns: layers, blocks, the layered graph and what can be derived from it."""
