"""What the attacker of attack.py makes of what he holds: ways to put eight people in order, how good they are.

Each way gives people a score by which to sort them (who sends first, second, …); who gets none, or the same as
somebody else, is placed by chance.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random
from statistics import mean
from typing import Any

EIGHT = range(8)
Row = Mapping[str, Any]
Scores = Mapping[int, Any]  # who → by what to sort; who sent first is 0


@dataclass
class Held:
    """All of one trial. `rows` after closing and `open_rows` before it: table → rows in the order they lie there."""

    chance: Random
    new: list[bytes] = field(default_factory=list)  # after each answer: what changed in files, dump, log and pages
    new_on_pages: list[bytes] = field(default_factory=list)
    open_rows: dict[str, list[Row]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    files: bytes = b""  # after closing: the database's own files, with what is left of deleted rows
    results: bytes = b""  # the page of results
    sheets: dict[str, int] = field(default_factory=dict)  # key of an opened sheet → who sent it
    words: dict[str, int] = field(default_factory=dict)  # key of a comment → who wrote it
    tokens: list[bytes] = field(default_factory=list)  # a word that only this person wrote
    lengths: list[int] = field(default_factory=list)  # of what each wrote
    pages_told: int = 0  # pages that changed while the form was open
    seats: list[int] = field(default_factory=list)  # of a measure: the seat of each


# --- Ways ----------------------------------------------------------------------------------------------


def as_they_lie(table: str, column: str = "id") -> Callable[[Held], Scores]:
    """The order of rowid or ctid."""
    return lambda held: first_of(held, ((str(row[column]), place) for place, row in enumerate(held.rows[table])))


def by(table: str, column: str, key: str = "id") -> Callable[[Held], Scores]:
    return lambda held: first_of(held, ((str(row[key]), row[column]) for row in held.rows[table]))


def first_of(held: Held, scored: Iterable[tuple[str, Any]]) -> Scores:
    """Key of a sheet or comment → score; of several the least."""
    scores: dict[int, Any] = {}
    for key, score in scored:
        who = held.sheets.get(key, held.words.get(key))
        if who is not None and score is not None:
            scores[who] = min(scores.get(who, score), score)
    return scores


def second_in_the_cipher(held: Held) -> Scores:
    """Fernet writes into each token when it was made."""
    found = [row for row in held.rows["feedback_answer"] if row["text"]]
    return first_of(held, ((row["id"], base64.urlsafe_b64decode(row["text"])[1:9]) for row in found))


def place_in_files(keys: str, last: bool = False) -> Callable[[Held], Scores]:
    """Where the keys of sheets or words stand in the raw files, deleted rows and journal included."""

    def find(held: Held) -> Scores:
        look = held.files.rfind if last else held.files.find
        return first_of(held, ((key, found_at(look, key)) for key in getattr(held, keys)))

    return find


def found_at(look: Callable[[bytes], int], key: str) -> int | None:
    for written in (key.encode(), bytes.fromhex(key)):
        if (place := look(written)) >= 0:
            return place
    return None


def first_seen(material: str) -> Callable[[Held], Scores]:
    """After which answer anything of a sheet first shows: its keys, or a word that stands in it."""

    def find(held: Held) -> Scores:
        marks: dict[int, list[bytes]] = {who: [token] for who, token in enumerate(held.tokens)}
        for key, who in [*held.sheets.items(), *held.words.items()]:
            marks.setdefault(who, []).extend([key.encode(), bytes.fromhex(key)])
        scores = {}
        for who, written in marks.items():
            for moment, new in enumerate(getattr(held, material)):
                if any(mark in new for mark in written):
                    scores[who] = moment
                    break
        return scores

    return find


def on_the_page(held: Held) -> Scores:
    return {who: held.results.find(token) for who, token in enumerate(held.tokens) if token in held.results}


def nearest_key(table: str) -> Callable[[Held], Scores]:
    """While the form is open the order of the sealed rows is plain. Whose key is most like that of a sheet?"""

    def find(held: Held) -> Scores:
        sealed = [int(str(row["id"]), 16) for row in held.open_rows[table]]
        return first_of(held, ((key, nearest(sealed, int(key, 16))) for key in held.sheets))

    return find


def nearest(keys: Sequence[int], key: int) -> int | None:
    return min(range(len(keys)), key=lambda place: keys[place] ^ key, default=None)


def by_measure(measure: Callable[[str], Any]) -> Callable[[Held], Scores]:
    """The longest letter in the largest envelope, and so on down: `measure` says how large an envelope is."""

    def find(held: Held) -> Scores:
        envelopes = [(measure(row["envelope"]), held.chance.random(), place) for place, row in sealed_rows(held)]
        by_length = sorted(EIGHT, key=lambda who: held.lengths[who])
        return {who: place for who, (_, _, place) in zip(by_length, sorted(envelopes), strict=False)}

    return find


def sealed_rows(held: Held) -> list[tuple[int, Row]]:
    return list(enumerate(held.open_rows["feedback_sealedanswer"]))


def changed_most(held: Held) -> Scores:
    """Whoever wrote most changed most bytes."""
    sizes = sorted((len(new), held.chance.random(), moment) for moment, new in enumerate(held.new))
    by_length = sorted(EIGHT, key=lambda who: held.lengths[who])
    return {who: moment for who, (_, _, moment) in zip(by_length, sizes, strict=False)}


EVERYWHERE: dict[str, Callable[[Held], Scores]] = {
    "sheets as they lie": as_they_lie("feedback_submission"),
    "sheets by key": by("feedback_submission", "id"),
    "sheets by transaction": by("feedback_submission", "moved"),
    "scores as they lie": as_they_lie("feedback_answer", "submission_id"),
    "scores by key": by("feedback_answer", "id", "submission_id"),
    "scores by transaction": by("feedback_answer", "moved", "submission_id"),
    "sheets' first place in the files": place_in_files("sheets"),
    "sheets' last place in the files": place_in_files("sheets", last=True),
    "first seen in files, dump, log, trail, jobs, backups": first_seen("new"),
    "first seen on a page": first_seen("new_on_pages"),
    "envelope with the nearest key": nearest_key("feedback_sealedanswer"),
    "nonce with the nearest key": nearest_key("feedback_spentnonce"),
}
FEEDBACK = EVERYWHERE | {
    "comments as they lie": lambda held: as_they_lie("feedback_answer")(held),
    "comments by transaction": by("feedback_answer", "moved"),
    "comments by key": by("feedback_answer", "id"),
    "comments by the second in their cipher": second_in_the_cipher,
    "comments' first place in the files": place_in_files("words"),
    "comments' last place in the files": place_in_files("words", last=True),
    "comments on the page": on_the_page,
    "envelopes by length": by_measure(len),
    "envelopes by the sum of their bytes": by_measure(lambda envelope: sum(base64.urlsafe_b64decode(envelope))),
    "envelopes by their first bytes": by_measure(str),
    "bytes changed": changed_most,
}
MEASURE = EVERYWHERE | {
    "responses as they lie": as_they_lie("evaluation_response", "submission_id"),
    "responses by key": by("evaluation_response", "id", "submission_id"),
    "responses by pseudonym": by("evaluation_response", "pseudonym", "submission_id"),
    "responses by transaction": by("evaluation_response", "moved", "submission_id"),
}


# --- How good they are ---------------------------------------------------------------------------------


def order(scores: Scores, chance: Random) -> list[int]:
    """The eight in the order that a way gives."""
    found = sorted(scores, key=lambda who: (scores[who], chance.random()))
    rest = [who for who in EIGHT if who not in scores]
    for who in chance.sample(rest, len(rest)):
        found.insert(chance.randrange(len(found) + 1), who)
    return found


def tau(ranking: Sequence[int], true: Sequence[int] = EIGHT) -> float:
    """Kendall's rank correlation: 1 the order itself, -1 backwards, 0 on average for any order by chance."""
    place = {who: n for n, who in enumerate(true)}
    pairs = [1 if place[a] < place[b] else -1 for a, b in combinations(ranking, 2)]
    return sum(pairs) / len(pairs)


def likeness(ranking: Sequence[int]) -> float:
    """Spearman's rank correlation with the order of sending: 1 read back whole, 0 nothing, -1 backwards."""
    n = len(ranking)
    return 1 - 6 * sum((place - rank) ** 2 for place, rank in enumerate(ranking)) / (n * (n * n - 1))


@dataclass
class Verdict:
    """`likeness`: way → mean |tau|; `leaning`: way → mean tau. `noise`: the most the best way reaches by chance."""

    likeness: dict[str, float]
    leaning: dict[str, float]
    noise: float
    noise_leaning: float

    @property
    def best(self) -> tuple[float, str]:
        return max((value, way) for way, value in self.likeness.items())

    @property
    def most_leaning(self) -> tuple[float, str]:
        return max((abs(value), way) for way, value in self.leaning.items())

    @property
    def within_noise(self) -> bool:
        return self.best[0] <= self.noise and self.most_leaning[0] <= self.noise_leaning


def judge(orders: Mapping[str, list[list[int]]], true: list[list[int]], chance: Random, times: int = 300) -> Verdict:
    """Compares the best way with the best way where the true order of each trial is shuffled, `times` over."""

    def taus(truth: list[list[int]]) -> dict[str, list[float]]:
        return {way: [tau(one, t) for one, t in zip(found, truth, strict=True)] for way, found in orders.items()}

    real = taus(true)
    noise, leaning = [], []
    for _ in range(times):
        shuffled = taus([chance.sample(one, len(one)) for one in true])
        noise.append(max(mean(map(abs, values)) for values in shuffled.values()))
        leaning.append(max(abs(mean(values)) for values in shuffled.values()))
    return Verdict(
        likeness={way: mean(map(abs, values)) for way, values in real.items()},
        leaning={way: mean(values) for way, values in real.items()},
        noise=max(noise),
        noise_leaning=max(leaning),
    )
