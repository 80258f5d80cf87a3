"""Filters and limits, tried on the real kernel in processes of their own."""
