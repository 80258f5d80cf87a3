"""How much of what tells who is spoken of is found before anything may go to a model elsewhere."""
