"""What the people of a group are called, where several of them are shown together, and finding one by a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from caregivers.models import Caregiver
from ppg.typed import Words, comparison_key, search_words
from programmes.models import Cohort

ANYWHERE = 3  # as many letters may stand anywhere in a name; fewer begin it, or half of all people would fit


def called(caregivers: Iterable[Caregiver]) -> dict[int, str]:
    """What each is called. Those who are called the same get the first letter of their surname; where that is the same
    too their surname, and at last the whole name. A wrong tick for the wrong Beth is worse than a long name."""
    names: dict[int, str] = {}
    alike = {caregiver.pk: caregiver for caregiver in caregivers}
    for words in (_short, _with_initial, _with_surname, _whole):
        names |= {pk: words(one) for pk, one in alike.items()}
        often = Counter(map(comparison_key, names.values()))
        alike = {pk: one for pk, one in alike.items() if often[comparison_key(names[pk])] > 1}
    return names


def _short(person: Caregiver) -> str:
    return person.called


def _with_initial(person: Caregiver) -> str:
    return _and_surname(person, lambda surname: f"{surname[0]}.")


def _with_surname(person: Caregiver) -> str:
    return _and_surname(person, str)


def _and_surname(person: Caregiver, cut: Callable[[str], str]) -> str:
    surname = person.name.strip().rpartition(" ")[2] if " " in person.name.strip() else ""
    return Words(f"{person.called} {cut(surname)}") if surname else person.called


def _whole(person: Caregiver) -> str:
    return person.name


def people_of(cohort: Cohort) -> dict[str, tuple[Caregiver, str]]:
    """Everybody referred to this group by their code, with their name, in the order of the names."""
    there = cohort.referrals.filter(caregiver__erased_at=None).select_related("caregiver")
    referrals = there.only("cohort", "caregiver__code", *NAMES)
    people = [referral.caregiver for referral in referrals]
    names = called(people)
    people.sort(key=lambda person: names[person.pk].casefold())
    return {person.code: (person, names[person.pk]) for person in people}


NAMES = ("caregiver__name", "caregiver__liked_name")


def fits(wanted: Sequence[str], person: Caregiver) -> bool:
    """Whether each of these words (from `search_words`) is in a word of their name or of the one they like."""
    words = _words(person)
    return bool(wanted) and all(any(_is_in(part, word) for word in words) for part in wanted)


def begins(wanted: Sequence[str], person: Caregiver) -> bool:
    """Whether each of these words begins one: "ann" is rather Ann than Hannah."""
    words = _words(person)
    return all(any(word.startswith(part) for word in words) for part in wanted)


def _words(person: Caregiver) -> list[str]:
    return search_words(f"{person.name} {person.liked_name}")


def _is_in(part: str, word: str) -> bool:
    return part in word if len(part) >= ANYWHERE else word.startswith(part)
