"""What the keyed sentences teach: for a number that nobody has keyed, the keyed and set-aside numbers whose words are most alike.

Reports repeat their phrasing from year to year, so the nearest keyed sentence is the best teacher. A number is described by the
words of its sentence, the near ones counting more, and once more by the two words on either side; how rare a word
is among the numbers taught (inverse document frequency) weighs it. Two numbers are as alike as the cosine of their descriptions.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from tieout.accounting import KEYED, SET_ASIDE, account
from tieout.guessing.place import Place
from tieout.guessing.units import NOUNS, STOPS, stem
from tieout.numbers import find_numbers
from tieout.record import Record, Row
from tieout.wordings import NUMBER, fit

STOPWORDS = frozenset(
    "a an and are as at be been by for from had has have in is it its of on or that the their these they this to was were "
    "which with".split()
)
BESIDE = (("-1", 0.8), ("-2", 0.5), ("+1", 0.8), ("+2", 0.5))  # places beside a number, and what the word there weighs
FAR = 40  # words from the number beyond which a word of the sentence does not count

Vector = dict[str, float]


@dataclass(frozen=True)
class Lesson:
    """A number that people have judged: ``row`` is its keyed row, or the row that sets it aside."""

    place: Place
    fate: str
    row: Row
    vector: Vector

    @property
    def name(self) -> str:
        """What a reason calls it: the row's id, or where it was set aside."""
        return self.row.id if self.fate == KEYED else f"‘{self.place.number.printed}’ of {self.row.document}"


@dataclass(frozen=True)
class Likeness:
    """How alike a number is to a lesson, from 0 to 1, and the words that make it so, the weightiest first."""

    score: float
    lesson: Lesson
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Teacher:
    """Everything that was judged in a record's documents, ready to be compared with."""

    record: Record
    lessons: tuple[Lesson, ...]

    @classmethod
    def of(cls, record: Record) -> Teacher:
        """The teacher that a record makes: a lesson for each number that is keyed or set aside in it."""
        judged = [
            (Place(record.texts[document], mark.number), mark.fate, mark.rows[0])
            for document in record.documents
            if document in record.texts
            for mark in account(record, document)
            if mark.fate in (KEYED, SET_ASIDE)
        ]
        return cls(record, tuple(Lesson(place, fate, row, features(place)) for place, fate, row in judged))

    @cached_property
    def rarity(self) -> dict[str, float]:
        """What each word weighs: the rarer among the lessons' sentences, the more."""
        counts = Counter(feature for lesson in self.lessons for feature in lesson.vector)
        return {feature: math.log((1 + len(self.lessons)) / (1 + count)) for feature, count in counts.items()}

    @cached_property
    def _weighed(self) -> list[tuple[Vector, float]]:
        return [_weighed(lesson.vector, self.rarity) for lesson in self.lessons]

    def nearest(self, place: Place) -> list[Likeness]:
        """Every lesson, the most alike first; ties keep the order of the documents and of the page."""
        vector, length = _weighed(features(place), self.rarity, math.log(1 + len(self.lessons)))
        found = []
        for lesson, (other, other_length) in zip(self.lessons, self._weighed, strict=True):
            common = {feature: weight * other[feature] for feature, weight in vector.items() if feature in other}
            score = sum(common.values()) / (length * other_length) if length and other_length else 0.0
            found.append((score, lesson, common))
        found.sort(key=lambda one: -one[0])
        spelled = {stem(word): word for word in re.findall(r"[^\W\d_]+", place.placed)}
        return [Likeness(score, lesson, _told(common, spelled)) for score, lesson, common in found]

    @cached_property
    def nouns(self) -> dict[str, str]:
        """The unit that each noun's stem counts: the units' own names, people by any name, and nouns learnt behind keyed numbers."""
        counted = {row["unit"] for row in self.record.rows("units") if row["kind"] == "count"}
        learnt: dict[str, Counter] = defaultdict(Counter)
        for lesson in self.lessons:
            if lesson.fate == KEYED and lesson.row["unit"] in counted:
                behind = _noun_behind(lesson.place)
                if behind:
                    learnt[behind][lesson.row["unit"]] += 1
        found = {word: units.most_common(1)[0][0] for word, units in learnt.items() if len(units) == 1 and units.total() > 1}
        found |= {stem(word): unit for unit, words in NOUNS.items() for word in words.split() if unit in counted}
        for row in self.record.rows("units"):
            if row["unit"] in counted:
                found |= {stem(word): row["unit"] for word in (row["unit"], row["label"]) if " " not in word}
        return found

    @cached_property
    def definitions(self) -> dict[str, Definition]:
        """What the codebook says of each metric, with only those of its names that every keyed paragraph of the metric holds."""
        around: dict[str, list[set[str]]] = defaultdict(list)
        for lesson in self.lessons:
            if lesson.fate == KEYED:
                around[lesson.row["metric"]].append(stems("".join(lesson.place.line)))
        found = {metric: Definition.of(row["label"], row["definition"]) for metric, row in self.record.metrics.items()}
        return {metric: replace(one, names=one.names.intersection(*around[metric])) for metric, one in found.items()}


@dataclass(frozen=True)
class Definition:
    """A metric's label and definition as stems, and the names in them (``Sliven``, ``Immigration``): a name not met is another thing."""

    label: frozenset[str]
    definition: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, label: str, definition: str) -> Definition:
        """Taken from a row of the codebook."""
        names = re.findall(r"(?<=[^\W\d_] )[A-Z][^\W\d_]{2,}", f"{label}\n{definition}")
        return cls(frozenset(_words(label)) - {"#"}, frozenset(_words(definition)) - {"#"}, frozenset(stem(name) for name in names))


def features(place: Place) -> Vector:
    """The description of a number: the words of its sentence by nearness, and those right beside it by their place."""
    vector: Vector = defaultdict(float)
    before, after = _words(place.before)[::-1], _words(place.after)
    for words in (before, after):
        for distance, word in enumerate(words[:FAR]):
            vector[word] = max(vector[word], 1 / (1 + distance / 6))
    for side, weight in BESIDE:
        words = before if side[0] == "-" else after
        at = int(side[1:]) - 1
        if at < len(words):
            vector[f"{side}{words[at]}"] = weight
    vector[f"kind:{place.number.kind}"] = 0.3
    return dict(vector)


def without(record: Record, document: str) -> Record:
    """The record as if ``document`` had just come in: its text is there, and nothing that people made of it."""
    kept = {name: tuple(row for row in rows if row.document != document) for name, rows in record.tables.items() if name != "documents"}
    ids = {row.id for name in ("metrics", "statements") for row in record.rows(name) if row.document == document}
    kept["faults"] = tuple(row for row in kept["faults"] if not ids & set(row.tokens("ids")))
    kept["identities"] = tuple(row for row in kept["identities"] if not ids & set(row.tokens("total") + row.tokens("parts")))
    return replace(record, tables=record.tables | kept)


def unlearnt(record: Record, document: str) -> Record:
    """``without``, and without what the shared files know from this document alone.

    A wording of a metric, or a category's term, stays only where it fits a keyed row of another document; a metric, only where
    another document has a row of it.
    """
    rest = without(record, document)
    keyed = {row["metric"] for row in rest.rows("metrics")}
    sentences = defaultdict(list)
    for lesson in Teacher.of(rest).lessons:
        if lesson.fate == KEYED:
            sentences[lesson.row["metric"]].append(lesson.place.placed)
    terms = [
        replace(row, cells={**row.cells, "terms": "|".join(one for one in row["terms"].split("|") if _fits(one, sentences[row["metric"]]))})
        for row in rest.rows("terms")
    ]
    others = " ".join(text.text for name, text in rest.texts.items() if name != document).lower()
    categories = [
        replace(row, cells={**row.cells, "terms": "|".join(one for one in row.tokens("terms") if one.lower() in others)})
        for row in rest.rows("categories")
    ]
    codebook = tuple(row for row in rest.rows("codebook") if row["metric"] in keyed)
    tables = {"terms": tuple(row for row in terms if row["terms"]), "categories": tuple(categories), "codebook": codebook}
    return replace(rest, tables=rest.tables | tables)


def _fits(wording: str, sentences: list[str]) -> bool:
    return any(fit(sentence, wording) for sentence in sentences)


def stems(text: str) -> set[str]:
    """The stems of every word of a text."""
    return {stem(word) for word in re.findall(r"[^\W\d_]+", text)}


def _words(text: str) -> list[str]:
    """The stems of a text's words, numbers as one sign each, without the words that stand in every sentence."""
    parts, at = [], 0
    for number in find_numbers(text):
        parts += [text[at : number.start], NUMBER]
        at = number.end
    found = re.findall(rf"[^\W\d_]+|{NUMBER}", "".join([*parts, text[at:]]))
    return ["#" if word == NUMBER else stem(word) for word in found if word.lower() not in STOPWORDS]


def _weighed(vector: Vector, rarity: dict[str, float], unseen: float = 0.0) -> tuple[Vector, float]:
    """A description with each word weighed, and its length; ``unseen`` is what a word that no lesson has weighs."""
    weighed = {feature: weight * rarity.get(feature, unseen) for feature, weight in vector.items()}
    return weighed, math.sqrt(sum(weight * weight for weight in weighed.values()))


def _told(common: Vector, spelled: dict[str, str]) -> tuple[str, ...]:
    """The words that two descriptions share, as the sentence spells them, the weightiest first; at most three."""
    stems = dict.fromkeys(feature.lstrip("+-12") for feature in sorted(common, key=lambda one: (-common[one], one)))
    return tuple(spelled[one] for one in stems if one in spelled)[:3]


def _noun_behind(place: Place) -> str:
    stop = STOPS.search(place.after)
    phrase = place.after[: stop.start()] if stop else place.after
    numbers = find_numbers(phrase)
    words = re.findall(r"[^\W\d_]+", phrase[: numbers[0].start] if numbers else phrase)
    return stem(words[-1]) if words and len(words) <= 4 else ""
