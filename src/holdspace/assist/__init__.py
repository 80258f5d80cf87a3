"""The doorway to AI: switches, the AI ledger, and the only maker of engines."""
