"""Accuracy of trained nets under removal, shuffling and noise: curves and areas."""
