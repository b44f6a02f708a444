"""Really sparse training: the only package that imports torch when it is imported."""
