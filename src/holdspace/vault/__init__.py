"""Keys, encryption of fields and envelopes, and the destruction of keys. Knows no room."""
