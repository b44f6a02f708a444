"""The papers' claims as declared tests: each says what it compares, by which rule, and what runs say of it."""
