"""Holdspace: evidence-first notes and the business of therapy, on the therapist's own machine.

Floors, rooms, engines and doors are drawn in docs/architecture.md; a lower floor never learns of a higher one.
"""
