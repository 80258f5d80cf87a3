"""Spoken dialogues with gold, and how well hearing them is scored. `make` renders sound outside the repository;
`score` is pure and needs nothing.
"""
