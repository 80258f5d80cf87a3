"""A language model behind one method, and the adapters that satisfy it. It proposes wordings; it decides nothing."""
