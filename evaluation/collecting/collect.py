"""From the database to the rows that `evaluation.figures` takes. The one place where consent decides.

People without a standing consent to the evaluation are counted in reach and attendance, which come from the service's
own work, and are left out of everything made from before-and-after answers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from caregivers.concerns.queries import methods_told
from caregivers.models import Consent, ConsentKind, Place, Referral
from evaluation.collecting import delivered
from evaluation.collecting.gathered import Rows
from evaluation.disclosure import least_people
from evaluation.disclosure.interim import as_published, settled
from evaluation.disclosure.suppression import hold_back
from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SheetRow
from evaluation.figures.shapes import Figures
from evaluation.measures.queries import domains_of, spec_of
from evaluation.measures.scoring import MeasureSpec, score
from evaluation.models import CardSheet, Mode, PseudonymKey, Report, ReportVersion, Response, Wave
from feedback.models import Answer, Form, Question, Questionnaire
from feedback.results.counts import Sheet
from feedback.results.least_answers import least
from feedback.results.queries import sheets_by_form
from programmes.models import Cohort
from sessions_app.models import ATTENDED, ON_THE_DAY, MarkState, RegisterMark, Session, register_taken, with_register

UNKNOWN_SOURCE = "unknown"
AT_ONCE = 500  # names in one question to the database


def whole(cohort: Cohort, now: datetime, *, with_place: Place | None = None) -> Figures:
    """Everything there is to say about one cohort, nothing held back yet: never shown as it is.

    Sessions are those of the programme: one that was added by hand is beside it, and one that was cancelled is
    planned but not held, and not counted among those somebody could have completed.
    `with_place`: as it was while this person's consent still stood. A constant number of queries.
    """
    rows = _rows(cohort, now, with_place)
    made = rows.figures()
    return _with_cards(made, rows.by_card, rows.domains) if rows.by_card else made


def together(cohorts: Sequence[Cohort], now: datetime) -> Figures:
    """The same of several cohorts taken as one, none of which has answers under a card. Never shown as it is."""
    return sum((_rows(cohort, now) for cohort in cohorts[1:]), start=_rows(cohorts[0], now)).figures()


def _rows(cohort: Cohort, now: datetime, with_place: Place | None = None) -> Rows:
    sessions = list(Session.objects.filter(cohort=cohort, extra=False).order_by("number"))
    marks = _marks(cohort)
    held = {session.pk for session in sessions if session.starts_at <= now} & with_register(marks)
    scores, by_card, domains = _scores(cohort, with_place)
    sheets, questions, asked = _feedback(cohort, marks)
    return Rows(
        people=_people(cohort, sessions, held, marks, scores),
        sessions=delivered.rows(sessions, held, now),
        domains=domains,
        sheets=sheets,
        questions=questions,
        asked=asked,
        methods=Counter(methods_told(cohort)),
        suggestions=delivered.suggestions(cohort),
        by_card=by_card,
    )


def shown(cohort: Cohort, now: datetime) -> Figures:
    """The figures of one cohort as a version is published with."""
    return _held_back(cohort, now, _versions(cohort))


def live(cohort: Cohort, now: datetime, *, writes: bool = True, with_place: Place | None = None) -> Figures:
    """The same as they may be opened at any time. writes: by those who write the report and read its records."""
    versions = _versions(cohort)
    figures = _held_back(cohort, now, versions, with_place)
    last = versions[-1] if versions else None
    figures = settled(figures, last.figures if last and not last.superseded else None)
    if writes:
        return figures
    return as_published(figures, last.figures, last.number) if last else as_published(figures, None, 0)


@dataclass(frozen=True)
class _Version:
    number: int
    superseded: bool
    figures: Figures


def _versions(cohort: Cohort) -> list[_Version]:
    rows = ReportVersion.objects.filter(report__cohort=cohort).order_by("number")
    stored = rows.values_list("number", "superseded_at", "figures")
    return [_Version(number, at is not None, Figures.from_dict(data)) for number, at, data in stored]


def _held_back(cohort: Cohort, now: datetime, versions: list[_Version], with_place: Place | None = None) -> Figures:
    before = Report.objects.filter(cohort=cohort).values_list("told_before", flat=True).first() or []
    everything = whole(cohort, now, with_place=with_place)
    earlier = [version.figures for version in versions]
    return hold_back(everything, least_people.team(), earlier=earlier, told_before=before)


def has_begun(cohort: Cohort, now: datetime) -> bool:
    """Whether a session has been held."""
    return Session.objects.filter(register_taken(), cohort=cohort, extra=False, starts_at__lte=now).exists()


# --- People and the register -----------------------------------------------------------------------

Mark = tuple[int, int, str]  # session, place, state


def _marks(cohort: Cohort) -> list[Mark]:
    """The mark that counts for each person at each session; undone ones are none."""
    latest = RegisterMark.objects.filter(session__cohort=cohort).latest().exclude(state=MarkState.OPEN)
    return list(latest.values_list("session", "place", "state"))


def _people(
    cohort: Cohort, sessions: list[Session], held: set[int], marks: list[Mark], scores: _ScoresByPlace
) -> list[PersonRow]:
    sources = dict(Referral.objects.filter(cohort=cohort).values_list("caregiver", "source"))
    places = {place.caregiver_id: place for place in Place.objects.filter(cohort=cohort)}
    return people_of(sources, places, sessions, held, marks, scores)


def people_of(
    sources: Mapping[int, str],
    places: Mapping[int, Place],
    sessions: Sequence[Session],
    held: set[int],
    marks: Sequence[Mark],
    scores: _ScoresByPlace,
) -> list[PersonRow]:
    """Everybody who was referred to one cohort or has a place in it. sources, places: by caregiver."""
    numbers = {session.pk: session.number for session in sessions if session.pk in held}
    marked: dict[int, dict[int, str]] = {}
    for session_id, place_id, state in marks:
        if session_id in numbers:
            marked.setdefault(place_id, {})[numbers[session_id]] = state
    rows = []
    for caregiver in sources.keys() | places.keys():
        place = places.get(caregiver)
        states = marked.get(place.pk, {}) if place else {}
        in_group = {s.number for s in sessions if s.pk in held and place and _in_group(place, s)}
        before, after, later = scores.get(place.pk, NO_ANSWER) if place else NO_ANSWER
        rows.append(
            PersonRow(
                source=sources.get(caregiver, UNKNOWN_SOURCE),
                offered=place is not None and was_offered(place),
                sessions=sum(session.cancelled_at is None for session in sessions),
                attended=frozenset(number for number, state in states.items() if state in ATTENDED),
                expected=frozenset(in_group.union(number for number, state in states.items() if state in ON_THE_DAY)),
                before=before,
                after=after,
                later=later,
            )
        )
    return rows


def _in_group(place: Place, session: Session) -> bool:
    """Whether the person had a place on the session's day, and was not on their way out."""
    if place.taken_on is None or place.taken_on > session.day:
        return False
    return place.left_on is None or place.left_on > session.day


def was_offered(place: Place) -> bool:
    """Offered now, taken at some time, or declined without ever having waited."""
    declined = place.state == Place.State.LEFT and place.waiting_since is None
    return place.state in (Place.State.OFFERED, Place.State.TAKEN) or place.taken_on is not None or declined


# --- Before and after ------------------------------------------------------------------------------

Answers = tuple[Scores | None, Scores | None, Scores | None]  # before, after, three months later
NO_ANSWER: Answers = (None, None, None)
_ScoresByPlace = Mapping[int, Answers]


def answers_of(answered: Mapping[tuple[str, str], Scores], pseudonym: str) -> Answers:
    """answered: by round and pseudonym."""
    before, after, later = (answered.get((point, pseudonym)) for point in ROUNDS)
    return before, after, later


def told_by_card(answered: Mapping[tuple[str, str], Scores]) -> list[Answers]:
    """Nobody is to know how many cards have answered while they are few: such a round is as if nobody had."""
    came = Counter(point for point, _pseudonym in answered)
    enough = {key: scores for key, scores in answered.items() if came[key[0]] >= least()}
    return [answers_of(enough, pseudonym) for pseudonym in sorted({pseudonym for _point, pseudonym in enough})]


def counted_out(cohorts: Iterable[int]) -> set[int]:
    """Groups whose cards were counted out and add up. What was answered under the others is in no figure: whoever reads
    it could have made some of it up."""
    sheets = CardSheet.objects.filter(cohort__in=cohorts)
    return {sheet.cohort_id for sheet in sheets if sheet.counts}


def cards_of(cohort: Cohort) -> CardSheet | None:
    """The cards of a group that answers by them."""
    return CardSheet.objects.filter(cohort=cohort, cohort__evaluation_plan__mode=Mode.CODED).first()


ROUNDS = (Wave.Point.BEFORE, Wave.Point.AFTER, Wave.Point.LATER)


@dataclass(frozen=True)
class _Answered:
    point: str
    pseudonym: str
    scores: Scores


def _scores(cohort: Cohort, with_place: Place | None) -> tuple[_ScoresByPlace, list[Answers], list[DomainSpec]]:
    """Scores of each round by place, of people whose consent stands; those given under a card, which belong to no
    place (sending them was the consent, and withdrawing deletes them); and the domains they are in."""
    waves = {
        wave.point: wave
        for wave in Wave.objects.filter(cohort=cohort, point__in=ROUNDS)
        .select_related("measure", "cohort__evaluation_plan")
        .order_by("point")
    }
    if not waves:
        return {}, [], []
    specs = {point: spec_of(wave.measure) for point, wave in waves.items()}
    answered = {(row.point, row.pseudonym): row.scores for row in _answered(waves.values(), specs)}
    domains = domains_of(next(specs[point] for point in ROUNDS if point in specs))
    if _is_coded(next(iter(waves.values()))):
        return {}, told_by_card(answered) if counted_out([cohort.pk]) else [], domains
    places = consenting_places(cohort)
    if with_place:
        places.add(with_place.pk)
    keys = PseudonymKey.objects.filter(place__in=places)
    return {key.place_id: answers_of(answered, key.pseudonym) for key in keys}, [], domains


def _is_coded(wave: Wave) -> bool:
    plan = getattr(wave.cohort, "evaluation_plan", None)
    return plan is not None and plan.mode == Mode.CODED


def _with_cards(made: Figures, by_card: list[Answers], domains: list[DomainSpec]) -> Figures:
    """Answers by card beside everything else. Whether whoever holds a card started or completed is not known: all are
    counted, of those who started, and those who stayed cannot be compared with those who left."""
    holder = PersonRow("", sessions=0, attended=frozenset({1}))
    rows = [replace(holder, before=before, after=after, later=later) for before, after, later in by_card]
    cards = figures(people=rows, sessions=[], domains=domains)
    started = made.reach.started
    return replace(
        made,
        ways=cards.ways,
        domains=tuple(
            replace(
                domain,
                of=max(started, domain.of),
                neither=(domain.neither or 0) + max(0, started - domain.of),
                at_start=None,
            )
            for domain in cards.domains
        ),
    )


def consenting_places(cohort: Cohort) -> set[int]:
    """Places of people whose consent to the evaluation stands."""
    # From the group's people to their consents: the other way round, everybody's consents would be looked through.
    standing = Consent.objects.filter(caregiver__places__cohort=cohort).standing(ConsentKind.EVALUATION)
    return set(standing.values_list("caregiver__places", flat=True))


def not_to_be_used() -> set[UUID]:
    """Answered measures, by submission, of people whose consent does not stand, over all groups: for what is made of
    the rows themselves. Those under a card are their holders' own to take out."""
    standing = Consent.objects.standing(ConsentKind.EVALUATION).values("caregiver")
    names = [key.pseudonym for key in PseudonymKey.objects.exclude(place__caregiver__in=standing)]
    submissions: set[UUID] = set()
    for at in range(0, len(names), AT_ONCE):
        theirs = Response.objects.filter(pseudonym__in=names[at : at + AT_ONCE])
        submissions.update(theirs.values_list("submission", flat=True))
    return submissions


def _answered(waves: Iterable[Wave], specs: Mapping[str, MeasureSpec]) -> list[_Answered]:
    responses = list(Response.objects.filter(wave__in=list(waves)).select_related("wave", "submission"))
    numbers: dict[object, dict[str, int | None]] = {}
    given = Answer.objects.filter(submission__in=[response.submission_id for response in responses])
    # Not by a join: SQLite may then begin at the question, which everybody in every group has answered.
    about = Subquery(Question.objects.filter(pk=OuterRef("question")).values("slug"))
    for submission, slug, number in given.values_list("submission", about, "number"):
        numbers.setdefault(submission, {})[slug] = number
    return [
        _Answered(
            point=response.wave.point,
            pseudonym=response.pseudonym,
            scores=Scores(
                score(specs[response.wave.point], numbers.get(response.submission_id, {})), response.submission.way
            ),
        )
        for response in responses
    ]


# --- Feedback --------------------------------------------------------------------------------------


def _feedback(cohort: Cohort, marks: list[Mark]) -> tuple[list[SheetRow], list[QuestionSpec], int]:
    """Opened answers only, all sessions together; the questions as they were last asked.

    asked: how many were at the sessions whose answers have been opened.
    """
    opened = Form.objects.filter(cohort=cohort).after_sessions().exclude(opened_with=None)
    forms = list(opened.select_related("questionnaire").order_by("questionnaire__version"))
    if not forms:
        return [], [], 0
    questions = questions_of(forms[-1].questionnaire)
    sheets = [row for box in sheets_by_form(forms).values() for row in heard(box)]
    sessions = {form.session_id for form in forms}
    asked = sum(session in sessions and state in ATTENDED for session, _place, state in marks)
    return sheets, questions, asked


def heard(box: Sequence[Sheet]) -> list[SheetRow]:
    """The sheets of one box, as they count. A question that few of them answered is held back where the box is shown,
    so it is in no sum either: the sum, less what is shown of the other boxes, would be those few answers."""
    answered = Counter(slug for sheet in box for slug in sheet.answers)
    return [
        SheetRow({slug: n for slug, n in sheet.answers.items() if answered[slug] >= least()}, sheet.way)
        for sheet in box
    ]


def questions_of(questionnaire: Questionnaire) -> list[QuestionSpec]:
    """Those that the report shows, as their kind says."""
    return [
        QuestionSpec(
            key=question.slug,
            text=question.text,
            options=tuple(question.choices),
            ordered=question.behaviour.is_ordered,
        )
        for question in questionnaire.questions.all()
        if question.behaviour.in_report
    ]
