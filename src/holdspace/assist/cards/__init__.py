"""One card per model and per rule-based step that decides, as data: what it is for, how it was made, where it fails."""
