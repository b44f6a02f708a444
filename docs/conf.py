"""Sphinx configuration."""

from sparsegraph import __version__

project = "sparsegraph"
author = "The sparsegraph developers"
release = version = __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
html_theme = "furo"
autodoc_typehints = "description"
nb_execution_mode = "off"
