"""From sound in memory to speaker-attributed turns.

Samples live in memory only: nothing here can put them anywhere else. May touch the transcript vocabulary
and errors.
"""
