"""The record: treatment plans, progress notes, signing and addenda. A signed note never changes."""
