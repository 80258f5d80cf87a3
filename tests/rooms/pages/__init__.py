"""Pages through Django's client: what is shown, and what is refused."""
