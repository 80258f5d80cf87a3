"""From a session to a draft in six steps, each a module of its name; `story.draft` is the table of contents.

Plain Python. May touch the vocabularies `transcript` and `note`, and `language` through its port; nothing else of ours
but `errors`.
"""
