"""`holdspace prove`: each promise tried on this installation, now.

It may call everything below the pages, and changes no real client's record.
"""
