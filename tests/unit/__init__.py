"""Engines and rules: no database."""
