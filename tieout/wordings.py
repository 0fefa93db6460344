"""The words that must stand with a number for it to be what a row says it is.

``data/terms.csv`` has, for each metric, the wordings that the sources use: alternatives separated by ``|``, the parts of one
alternative by `` + `` (all must stand in the sentence). ``#`` is the number itself and ``*`` up to twelve words, so that
``# residence permits`` asks for the number right before the words. A wording with ``#`` is attached and beats one without.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tieout.numbers import END

# How sources say that they do not give a number
GAPS = re.compile(
    r"(?:did|does|do|has|have|had) not (?:yet )?(?:report(?:ed)?|provided?|released?|collect(?:ed)?)\b|"
    r"not yet (?:available|been released|released|ratified)|unknown number|"
    r"research did not find|lack of specific data|no (?:data|statistics|figures)\b",
    re.IGNORECASE,
)

MOST_GAPS = 2
NUMBER = "\ue000"  # stands for the number in the sentence: a private character, taken out of any source that has it


def placed(before: str, after: str) -> str:
    """The sentence with the number replaced by its placeholder."""
    return f"{before.replace(NUMBER, '')}{NUMBER}{after.replace(NUMBER, '')}"


def fit(sentence: str, terms: str) -> int:
    """How well a sentence (with the number ``placed`` in it) fits a metric's wordings: 0 not at all, 1 by its words, 2 attached."""
    fits = [
        (2 if "#" in wording else 1)
        for wording in terms.split("|")
        if wording and all(_part(part).search(sentence) for part in wording.split(" + "))
    ]
    return max(fits, default=0)


def wording_fault(wording: str) -> str:
    """What keeps a wording from naming anything, or an empty string."""
    parts = wording.split(" + ")
    if "|" in wording:
        return "it holds |, which parts one wording from the next. Give each on its own."
    if NUMBER in wording or wording.count("#") > 1:
        return "it has more than one number. Write # once, for the number that is meant."
    if any(not re.search(r"[^\W\d_]{2,}|#", part) for part in parts) or not re.search(r"[^\W\d_]{2,}", wording):
        return "a part of it has no words. Give the words that stand with the number."
    if any(part.split()[0] == "*" or part.split()[-1] == "*" for part in parts) or wording.split().count("*") > MOST_GAPS:
        return f"* stands for words between others: not at an end, and at most {MOST_GAPS} times."
    return ""


@lru_cache(maxsize=4096)
def _part(part: str) -> re.Pattern[str]:
    """A part of a wording as a pattern: words as they stand, any white space between them, an article or bracket not in the way."""
    words = []
    for word in part.split():
        if word == "*":
            words.append(r"(?:\S+\s+){0,12}?")
            continue
        words.append(re.escape(word).replace(r"\#", NUMBER).replace("#", NUMBER) + r"\s+")
    pattern = "".join(words).removesuffix(r"\s+")
    start = "" if part.startswith(("#", "(")) else r"(?<!\w)"
    end = "" if part.endswith(("#", ")")) else END
    return re.compile(start + pattern + end, re.IGNORECASE)
