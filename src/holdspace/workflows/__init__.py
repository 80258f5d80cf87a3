"""Stories that cross rooms, each read top to bottom."""
