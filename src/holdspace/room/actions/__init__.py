"""Verbs of a session, by noun: the session itself, its capture as it happens, and the runs that work on it."""
