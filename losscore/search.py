"""From what a person types ("dice", "L1", "hubr", "class imbalance") to the losses that are meant."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property, lru_cache

from losscore.record import Loss
from losscore.registry import losses

LONGEST = 80  # characters of a query that are read
SHORTEST_GUESS = 4  # a word with fewer letters is too short to tell a slip from another word
SIMILAR, SIMILAR_SHORT = 0.8, 0.75  # a slip weighs more in a word of four letters
FILLERS = {
    "loss", "losses", "function", "functions", "the", "a", "an", "and", "of", "for", "to", "in", "on", "with",
    "against",
}  # fmt: skip
PART = 2  # from this rank on the query is only a part of a name, and a main form comes before its variants
# What people call a property that a record claims.
CLAIMED = {
    "convex": "convex",
    "smooth": "smooth differentiable",
    "robust": "robust outlier redescending",
    "imbalance": "class imbalance imbalanced unbalanced rare minority",
    "logits": "logits",
}


def search(text: str, limit: int = 8) -> list[Loss]:
    """The losses that `text` may mean, the likeliest first, at most `limit` of them; none for a blank text.

    Looks at key, title, aliases, family, insight and what is claimed ("robust"), whatever the case, accents,
    punctuation and plural. First what bears exactly this key, title or alias; then main forms before variants, and
    within each: the beginning of a name, words of a name, a part of a name, any of the words, in teaching order. Only
    when nothing of the kind is found is the text taken as misspelt. Of a longer text the first 80 characters count.
    """
    query = _plain(text[:LONGEST])
    if not query or limit < 1:
        return []
    entries = [_entry(record) for record in losses()]
    found = [(rank, entry) for entry in entries if (rank := entry.rank(query)) is not None]
    found = found or _misspelt(query, entries)
    found.sort(key=lambda pair: (min(pair[0], PART), pair[1].record.variant_of is not None, pair[0]))
    return [entry.record for _, entry in found[:limit]]


@dataclass(frozen=True)
class _Entry:
    """A record and its words, plain."""

    record: Loss

    @cached_property
    def names(self) -> list[str]:
        return [_plain(name) for name in (self.record.key, self.record.title, *self.record.aliases)]

    @cached_property
    def name_words(self) -> set[str]:
        return _words(self.names)

    @cached_property
    def all_words(self) -> set[str]:
        claimed = [words for claim, words in CLAIMED.items() if getattr(self.record.claims, claim)]
        return self.name_words | _words(map(_plain, (self.record.family, self.record.insight, *claimed)))

    def rank(self, query: str) -> float | None:
        """How directly the query names this record, 0 the most; None where it does not."""
        key, title, *aliases = joined = [name.replace(" ", "") for name in self.names]
        whole = query.replace(" ", "")
        if whole in (key, title):
            return 0
        if whole in aliases:
            return 1
        if any(name.startswith(query) for name in self.names):
            return PART
        if _each_begins(query, self.name_words):
            return PART + 1
        if len(whole) >= 3 and any(whole in name for name in joined):
            return PART + 2
        if _each_begins(query, self.all_words):
            return PART + 3
        return None


@lru_cache(maxsize=1024)  # a record never changes, and its words are asked for at every key stroke
def _entry(record: Loss) -> _Entry:
    return _Entry(record)


def _misspelt(query: str, entries: list[_Entry]) -> list[tuple[float, _Entry]]:
    """Entries whose words are all close to the query's: by name, the closest name first, or else by any word."""
    named = sorted(set().union(*(entry.name_words for entry in entries)))
    known = sorted(set().union(*(entry.all_words for entry in entries)))

    def near(word: str) -> list[str]:
        if len(word) <= SHORTEST_GUESS:  # few letters are like many words: only like a name are they taken for it
            return get_close_matches(word, named, n=10, cutoff=SIMILAR_SHORT) if len(word) == SHORTEST_GUESS else []
        return get_close_matches(word, [other for other in known if len(other) >= SHORTEST_GUESS], n=10, cutoff=SIMILAR)

    meant = {word: near(word) for word in query.split()}

    def fits(words: set[str]) -> bool:
        return all(words & {word, *meant[word]} for word in query.split())

    found: list[tuple[float, _Entry]] = []
    for entry in entries:
        closeness = max(SequenceMatcher(None, query, name).ratio() for name in entry.names)
        if fits(entry.name_words) or (len(query) >= SHORTEST_GUESS and closeness >= SIMILAR):
            found.append((PART + 1 - closeness, entry))
        elif fits(entry.all_words):
            found.append((PART + 1, entry))
    return found


def _plain(text: str) -> str:
    """Lower case, no accents, singular, words parted by one blank, without those that any loss may carry."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", bare)
    return " ".join(_singular(word) for word in [word for word in words if word not in FILLERS] or words)


def _singular(word: str) -> str:
    """The word without the s of a plural; the same for the words of a record and of a query."""
    return re.sub(r"(?<=ss|sh|ch)es$|(?<=x)es$|(?<=[^s])s$", "", word) if len(word) > 3 else word


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in text.split()}


def _each_begins(query: str, words: set[str]) -> bool:
    """Whether every word of the query is the beginning of one of these words."""
    return all(any(known.startswith(word) for known in words) for word in query.split())
