"""Test 4 of the mission: the therapist decides."""
