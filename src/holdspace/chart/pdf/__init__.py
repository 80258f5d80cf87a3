"""The signed note on paper: a frozen document in, the bytes of a PDF out.

Knows no database and no request.
"""
