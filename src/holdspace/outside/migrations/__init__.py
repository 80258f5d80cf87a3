"""Written by Django; changed only by adding another."""
