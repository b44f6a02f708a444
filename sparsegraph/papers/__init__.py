"""What the papers say: their titles, how long they trained, and every number of their tables, as data."""
