"""The evaluation of hearing: its counts must be right before its figures mean anything."""
