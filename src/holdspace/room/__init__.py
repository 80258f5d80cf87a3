"""A session under way: its transcript, jottings, and draft being made. Knows people, schedule, consent and assist."""
