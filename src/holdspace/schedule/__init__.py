"""Appointments and the days they make. Knows people; knows no note and no claim."""
