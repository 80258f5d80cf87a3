"""Test 1 of the mission: privacy beyond HIPAA."""
