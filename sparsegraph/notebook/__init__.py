"""How objects show themselves in Jupyter: small HTML tables and inline SVG, made without any heavy import."""
