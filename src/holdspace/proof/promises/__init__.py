"""One file a promise: what is promised, how it is tried, and the trying. A new one is a copy of a neighbour."""
