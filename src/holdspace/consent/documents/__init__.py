"""The documents' words, one TOML file each, with their version, source and date."""
