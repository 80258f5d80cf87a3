"""By hand: ratios against the obvious alternatives. Nothing here is part of the program or of its tests."""
