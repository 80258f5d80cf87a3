"""What may leave this machine, where to, by whose word, and what did. Below whoever sends; it opens no connection."""
