"""What tables of words say: methods, algorithms and hyperparameters, from the library's own recipes and profiles."""
