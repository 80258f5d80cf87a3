"""Faults planted on purpose in a copy of the tree, to measure what finds them."""
