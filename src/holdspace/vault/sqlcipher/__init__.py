"""Django's SQLite backend on SQLCipher: the whole database file is encrypted under the practice's key."""
