"""One measure per file, found by itself: each is a pure function from a layered graph to a frozen result."""
