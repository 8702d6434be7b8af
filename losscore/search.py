"""From what a person types ("dice", "L1", "hubr", "outlier") to the losses that are meant."""

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
SIMILAR = 0.8
FILLERS = {"loss", "function", "the", "a", "an", "of", "for"}


def search(text: str, limit: int = 8) -> list[Loss]:
    """The losses that `text` may mean, the likeliest first, at most `limit` of them; none for a blank text.

    Looks at key, title, aliases, family and insight, whatever the case, accents and punctuation. First what bears
    exactly this name; then main forms before variants, and within each: the beginning of a name, words of a name, a
    part of a name, words of the family or the insight, in teaching order. Only when nothing of the kind is found is
    the text taken as misspelt. Of a longer text the first 80 characters count.
    """
    query = _plain(text[:LONGEST])
    if not query or limit < 1:
        return []
    entries = [_entry(record) for record in losses()]
    found = [(rank, entry) for entry in entries if (rank := entry.rank(query)) is not None]
    found = found or _misspelt(query, entries)
    found.sort(key=lambda pair: (pair[0] > 0, pair[1].record.variant_of is not None, pair[0]))
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
        return self.name_words | _words([_plain(self.record.family), _plain(self.record.insight)])

    def rank(self, query: str) -> float | None:
        """How directly the query names this record, 0 the most; None where it does not."""
        joined = [name.replace(" ", "") for name in self.names]
        whole = query.replace(" ", "")
        if whole in joined:
            return 0
        if any(name.startswith(query) for name in self.names):
            return 1
        if _each_begins(query, self.name_words):
            return 2
        if len(whole) >= 3 and any(whole in name for name in joined):
            return 3
        if _each_begins(query, self.all_words):
            return 4
        return None


@lru_cache(maxsize=1024)  # a record never changes, and its words are asked for at every key stroke
def _entry(record: Loss) -> _Entry:
    return _Entry(record)


def _misspelt(query: str, entries: list[_Entry]) -> list[tuple[float, _Entry]]:
    """Entries whose words are all close to the query's: by name, the closest name first, or else by any word."""
    known = sorted(word for entry in entries for word in entry.all_words if len(word) >= SHORTEST_GUESS)
    vocabulary = list(dict.fromkeys(known))
    meant = {
        word: get_close_matches(word, vocabulary, n=10, cutoff=SIMILAR)
        for word in query.split()
        if len(word) >= SHORTEST_GUESS
    }

    def fits(words: set[str]) -> bool:
        return all(words & {word, *meant.get(word, ())} for word in query.split())

    found: list[tuple[float, _Entry]] = []
    for entry in entries:
        closeness = max(SequenceMatcher(None, query, name).ratio() for name in entry.names)
        if fits(entry.name_words) or (len(query) >= SHORTEST_GUESS and closeness >= SIMILAR):
            found.append((1 - closeness, entry))
        elif fits(entry.all_words):
            found.append((1, entry))
    return found


def _plain(text: str) -> str:
    """Lower case, no accents, words parted by one blank, without the words that any loss may carry."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", bare)
    return " ".join([word for word in words if word not in FILLERS] or words)


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in text.split()}


def _each_begins(query: str, words: set[str]) -> bool:
    """Whether every word of the query is the beginning of one of these words."""
    return all(any(known.startswith(word) for known in words) for word in query.split())
