"""From sound in memory to speaker-attributed turns. Nothing here opens a file for writing; samples live in memory only."""
