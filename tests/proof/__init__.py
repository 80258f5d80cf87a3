"""`holdspace prove`: each promise broken and seen to break, and what runs, shows and hands out the results."""
