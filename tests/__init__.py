"""The tests of the house: behaviours, through the doors, with real parts behind."""
