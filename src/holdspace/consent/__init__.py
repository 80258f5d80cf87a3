"""What each participant agreed to: documents of their own, signed per person, revocable in one step. Knows people."""
