"""The rules of the house as tests.

Each wall is a function from text to faults, tried on a good and a bad example.
"""
