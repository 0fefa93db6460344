"""How an extraction ends that has no text to give."""


class Unreadable(Exception):
    """A document without a text to be had. The message is a sentence without its subject, the file: what is wrong, and what to do."""
