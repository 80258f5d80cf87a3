"""Django's PostgreSQL backend, whose connections hold a share in the practice's records."""
