"""Engines: plain Python, data in and data out. They know no Django, no database and no network of their own.

Only `assist` and the command line make speech, language and drafting engines; anyone may import the two
vocabularies `transcript` and `note`.
"""
