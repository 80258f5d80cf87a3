"""The practice, those who work in it, and its clients. The lowest room: everything above refers to it."""
