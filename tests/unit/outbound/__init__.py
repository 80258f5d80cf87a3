"""The door, the gateway, and what a process can reach."""
