"""The papers' figures and tables, redrawn from anyone's runs."""
