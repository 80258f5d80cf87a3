"""A language model behind one method, and its adapters. It proposes wordings; it decides nothing.

Plain Python: the network adapter is handed a `send` by its maker, so nothing here can reach the net itself.
"""
