"""Pages of the door, of one's own sign-in, of who works here, and of clients."""
