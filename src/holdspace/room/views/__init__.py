"""The pages of a session: its own, the one that hears it, what was said in it, and what the client sees of it."""
