"""Test 3 of the mission: clinical intent preserved."""
