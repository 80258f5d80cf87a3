"""What each participant agreed to, revocable in one step. Knows people."""
