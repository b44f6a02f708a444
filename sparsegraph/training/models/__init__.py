"""The networks of the papers in torch's own layers, each with the names of the layers that may be sparse."""
