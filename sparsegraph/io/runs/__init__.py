"""Run directories: what a training run leaves behind, and the way back."""
