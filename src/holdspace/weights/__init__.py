"""A content-addressed store of model files: name, licence, size, sha256 and sources. Runs no code that comes with them."""
