"""The place to read and decide: a local page with the document on one side and its rows on the other.

What it writes are the keyed files themselves, in the form that ``tidy`` gives them; a spreadsheet may change them meanwhile.
"""
