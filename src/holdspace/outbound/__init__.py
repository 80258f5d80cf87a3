"""The one way off the machine. Every host is one a person allowed by name."""
