"""A content-addressed store of model files: name, licence, size, sha256 and sources.

Reads bytes; runs no code that comes with them. Touches its own folder and nothing above it.
"""
