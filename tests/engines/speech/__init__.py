"""The real speech engines on the sample session."""
