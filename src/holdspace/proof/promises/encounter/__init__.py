"""Test 2 of the mission: little impact on the encounter."""
