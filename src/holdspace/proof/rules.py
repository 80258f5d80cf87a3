"""The life of a run. No Django."""

from datetime import timedelta

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
GOING = (QUEUED, RUNNING)
SILENCE = timedelta(minutes=3)
"""A run that says nothing for this long has lost its process."""
MOST_KEPT = 30
"""Runs that are kept, the newest."""
