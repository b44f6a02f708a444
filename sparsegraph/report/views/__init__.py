"""How each measure is told: a sentence and its tables, one file per measure or family of measures."""
