"""Arrays in, arrays out: the compiled mathematics that measures, topology rules and training share."""
