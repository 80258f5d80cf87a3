"""What was done, by whom, to what: the chained log, and the only maker of loggers (ids, never text)."""
