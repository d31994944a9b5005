"""The checklist's lines for the weeks before: what referrals, checks and registrations tell by themselves.

Whoever declined or left counts nowhere. A line names those it is open for, each with the place where it is done.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Consent, ConsentKind, Place, PoliceCheck, Referral, Slot, SlotAnswer
from caregivers.names import called
from ppg.access.permissions import P
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.models import Cohort

Source = Referral.Source

# "3 from the youth justice caseload, 2 from the community"
FROM = {
    Source.CASELOAD: gettext_lazy("%(n)s from the youth justice caseload"),
    Source.HUB: gettext_lazy("%(n)s from an exploitation hub"),
    Source.PARENTING: gettext_lazy("%(n)s from the parenting team"),
    Source.EARLY_HELP: gettext_lazy("%(n)s from early help"),
    Source.COMMUNITY: gettext_lazy("%(n)s from the community"),
    Source.INTEREST: gettext_lazy("%(n)s who asked to come"),
}


@dataclass(frozen=True)
class People:
    """Everybody on the way into a group or in it, with what the lines need to know of each."""

    cohort: Cohort
    rows: Sequence[Referral]
    names: dict[int, str]  # by the caregiver's id


def people_of(cohort: Cohort) -> People:
    """One query, however many there are. Of the person only the names are decrypted."""
    rows = list(_known(cohort))
    return People(cohort, rows, called(row.caregiver for row in rows))


def _known(cohort: Cohort) -> QuerySet[Referral]:
    person = OuterRef("caregiver")
    gone = Place.objects.filter(cohort=cohort, caregiver=person, state=Place.State.LEFT)
    checks = PoliceCheck.objects.filter(caregiver=person).order_by("-id").values("outcome")[:1]
    return (
        cohort.referrals.filter(~Exists(gone), caregiver__erased_at=None)
        .select_related("caregiver")
        .annotate(
            check_outcome=Subquery(checks),
            proposed=Exists(Slot.objects.filter(cohort=cohort)),
            answered=Exists(SlotAnswer.objects.filter(slot__cohort=cohort, caregiver=person)),
            asked=Exists(Consent.objects.filter(caregiver=person, kind=ConsentKind.EVALUATION)),
            in_group=Exists(Place.objects.filter(cohort=cohort, caregiver=person).in_group()),
        )
        .only("code", "cohort_id", "source", "contacted_on", *(f"caregiver__{name}" for name in SHOWN))
        .order_by("id")
    )


SHOWN = ("code", "name", "liked_name", "handouts_by", "registered_at")


def counted(people: People, words: str, done: Callable[[Referral], bool], where: Where) -> Progress:
    """ "6 of 8" and the names of the two."""
    rows = people.rows
    if not rows:
        return Progress(0, 0, _("Nobody has been referred yet."))
    open_for = [row for row in rows if not done(row)]
    sentence = words % {"done": len(rows) - len(open_for), "of": len(rows)}
    return Progress(len(rows) - len(open_for), len(rows), sentence, missing=tuple(named(people, open_for, where)))


Where = Callable[[Referral], tuple[str, P]]


def named(people: People, rows: Iterable[Referral], where: Where) -> Iterable[Missing]:
    for row in rows:
        url, needs = where(row)
        yield Missing(people.names[row.caregiver_id], url, needs, person=row.caregiver)


# --- Where it is done ------------------------------------------------------------------------------------


def their_first_talk(row: Referral) -> tuple[str, P]:
    return reverse("caregivers:contact", args=[row.code]), P.RECRUIT


def their_times(row: Referral) -> tuple[str, P]:
    return reverse("caregivers:times_for", args=[row.code]), P.TIMES


def their_registration(row: Referral) -> tuple[str, P]:
    return reverse("caregivers:register_by_staff", args=[row.code]), P.PEOPLE_REGISTER


def their_details(row: Referral) -> tuple[str, P]:
    if row.caregiver.registered_at is None:
        return their_registration(row)
    return reverse("caregivers:details", args=[row.caregiver.code]), P.PEOPLE_REGISTER


def their_check(row: Referral) -> tuple[str, P]:
    return reverse("caregivers:check", args=[row.caregiver.code]), P.CHECK_RECORD


def their_consent(row: Referral) -> tuple[str, P]:
    if row.caregiver.registered_at is None:
        return their_registration(row)
    return reverse("caregivers:consent", args=[row.caregiver.code, ConsentKind.EVALUATION]), P.CONSENT_RECORD


def people_page(cohort: Cohort) -> str:
    return reverse("caregivers:people", args=[cohort.code])


# --- The rules -------------------------------------------------------------------------------------------


def identified(people: People) -> Progress:
    """By source, the largest first. As many people as there are places tick it; fewer may be enough."""
    n, of = len(people.rows), people.cohort.places
    if not n:
        add = Missing(
            _("Add somebody"), reverse("caregivers:add", args=[people.cohort.code]), P.PEOPLE_REGISTER, action=True
        )
        return Progress(0, of, _("Nobody has been referred yet."), missing=(add,))
    counts = Counter(row.source for row in people.rows).most_common()
    sources = ", ".join(str(FROM[Source(source)]) % {"n": many} for source, many in counts)
    head = ngettext("%(n)s person for %(of)s places", "%(n)s people for %(of)s places", n) % {"n": n, "of": of}
    return Progress(n, of, f"{head}: {sources}")


def contacted(people: People) -> Progress:
    return counted(people, _("%(done)s of %(of)s"), lambda row: row.contacted_on is not None, their_first_talk)


def times_asked(people: People) -> Progress:
    if people.rows and not people.rows[0].proposed:  # type: ignore[attr-defined]
        propose = Missing(
            _("Propose times"), reverse("caregivers:times", args=[people.cohort.code]), P.TIMES, action=True
        )
        return Progress(0, len(people.rows), _("No times have been proposed yet."), missing=(propose,))
    return counted(people, _("%(done)s of %(of)s answered"), lambda row: row.answered, their_times)  # type: ignore[attr-defined]


def handouts_asked(people: People) -> Progress:
    return counted(
        people, _("Known for %(done)s of %(of)s"), lambda row: bool(row.caregiver.handouts_by), their_details
    )


def needs_asked(people: People) -> Progress:
    """The registration asks for all three; nobody has to answer."""
    return counted(
        people,
        _("Asked for %(done)s of %(of)s"),
        lambda row: row.caregiver.registered_at is not None,
        their_registration,
    )


def checked(people: People) -> Progress:
    """An outcome is there. A concern is one: what follows from it is on the board."""
    known = (PoliceCheck.Outcome.CLEAR, PoliceCheck.Outcome.CONCERN)
    return counted(people, _("%(done)s of %(of)s"), lambda row: row.check_outcome in known, their_check)  # type: ignore[attr-defined]


def told_of_evaluation(people: People) -> Progress:
    """Who registers is shown the notice and asked for their consent; what they answer is theirs."""

    def was_told(row: Referral) -> bool:
        return row.caregiver.registered_at is not None and row.asked  # type: ignore[attr-defined]

    return counted(people, _("%(done)s of %(of)s"), was_told, their_consent)


def places_left(people: People) -> str:
    left = people.cohort.places - sum(row.in_group for row in people.rows)  # type: ignore[attr-defined]
    if left <= 0:
        return _("No place is left: nothing needs to be done.")
    return ngettext("%(n)s place is left.", "%(n)s places are left.", left) % {"n": left}


def before(slug: str, words: Any, **options: Any) -> Line:
    return Line(Phase.BEFORE, slug, words, facts=people_of, **options)


LINES = [
    before(
        "caregivers-identified",
        gettext_lazy("Caregivers identified: youth justice caseload, hubs, parenting team, community"),
        rule=identified,
        url=people_page,
        enough=gettext_lazy("Tick: these are enough"),
    ),
    before("caregivers-contacted", gettext_lazy("Each caregiver contacted, to get to know them"), rule=contacted),
    before(
        "times-asked",
        gettext_lazy("Best day and time asked"),
        rule=times_asked,
        enough=gettext_lazy("Tick: the time is settled"),
    ),
    before("handouts-asked", gettext_lazy("Handouts by e-mail or on paper asked"), rule=handouts_asked),
    before("needs-asked", gettext_lazy("Refreshments, allergies and emergency contacts asked"), rule=needs_asked),
    before(
        "group-advertised",
        gettext_lazy("Group advertised where people are (a barber's, say), if there are places left"),
        note=places_left,
    ),
    before("police-checks", gettext_lazy("Police check done for every caregiver"), rule=checked),
    before(
        "evaluation-told",
        gettext_lazy(
            "Caregivers told that the programme is evaluated and how what they say is used "
            "(a short report, to share what was learned)"
        ),
        rule=told_of_evaluation,
    ),
]
