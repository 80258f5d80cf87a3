"""A session under way: its transcript, its jottings, its draft being made. Knows people, schedule, consent and assist."""
