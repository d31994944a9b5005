"""From the database to the rows that the pool takes: some groups at a time, with the same number of queries however
many they are. Who counts as what is decided in `evaluation.collecting.collect`, for one group and for many alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from caregivers.models import Consent, ConsentKind, Information, Place, Referral
from evaluation.across.pool import NOTHING, Answers, Asked, Chunk
from evaluation.collecting import collect, delivered
from evaluation.figures.reach import reach
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow
from evaluation.figures.shapes import Suggestions
from evaluation.measures.queries import OWN, domains_of, spec_of
from evaluation.measures.scoring import MeasureSpec, score
from evaluation.models import AcrossReport, EvaluationPlan, Measure, Mode, PseudonymKey, Response, Wave
from feedback.models import Answer, Form, Question, Questionnaire, Suggestion
from feedback.results.queries import sheets_by_form
from programmes.models import Cohort
from sessions_app.models import ATTENDED, MarkState, RegisterMark, Session, with_register

AT_ONCE = 50  # groups in a chunk: half a second's work, so that cancelling is prompt


@dataclass(frozen=True)
class Group:
    """A line of the list of groups."""

    code: str
    name: str
    area: str
    first_on: date
    planned: int
    held: int
    referred: int
    offered: int
    started: int
    completed: int
    ended: bool | None = None  # no session is still to come; None: not written down then


def chosen(report: AcrossReport) -> QuerySet[Cohort]:
    """The groups a report is about: by the day of their first session, with `first` (its moment)."""
    first = Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    zone = timezone.get_current_timezone()
    after = datetime.combine(report.from_on, time.min, zone)
    before = datetime.combine(report.until_on + timedelta(days=1), time.min, zone)
    cohorts = Cohort.objects.order_by().annotate(first=first).filter(first__gte=after, first__lt=before)
    if report.programme_id:
        cohorts = cohorts.filter(programme=report.programme_id)
    return cohorts.filter(area=report.area) if report.area else cohorts


def keys_of(report: AcrossReport) -> list[int]:
    """Those groups by their first session."""
    return [cohort.pk for cohort in chosen(report).only("pk").order_by(F("first"), "pk").iterator()]


def in_chunks(keys: Sequence[int], size: int = AT_ONCE) -> Iterator[Sequence[int]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


class Reader:
    """Reads groups. What many groups share (a measure, the words of a form) is read once."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.measures: dict[int, tuple[MeasureSpec, dict[str, str], list[DomainSpec]]] = {}
        self.questions: dict[int, list[QuestionSpec]] = {}

    def read(self, keys: Sequence[int]) -> list[tuple[Group, Chunk]]:
        """Each group and its rows, less those that are gone meanwhile."""
        sessions: dict[int, list[Session]] = defaultdict(list)
        for session in Session.objects.filter(cohort__in=keys, extra=False).defer("aims", "materials"):
            sessions[session.cohort_id].append(session)
        marks: dict[int, list[collect.Mark]] = defaultdict(list)
        latest = RegisterMark.objects.filter(session__cohort__in=keys).latest().exclude(state=MarkState.OPEN)
        for cohort, session_id, place, state in latest.order_by().values_list(
            "session__cohort", "session", "place", "state"
        ):
            marks[cohort].append((session_id, place, state))
        taken = with_register(mark for rows in marks.values() for mark in rows)
        every = [session for rows in sessions.values() for session in rows]
        held = {session.pk for session in every if session.starts_at <= self.now and session.pk in taken}
        scores, cards, domains = self._scores(keys)
        people = self._people(keys, sessions, held, marks, scores)
        ran = _by_cohort(every, delivered.rows(every, held, self.now))
        feedback = self._feedback(keys, marks)
        methods, suggestions = _methods(keys), _suggestions(keys)
        cohorts = Cohort.objects.in_bulk(list(keys))
        return [
            (
                _group(cohorts[key], sessions[key], held, people[key], self.now),
                Chunk(
                    cohorts=1,
                    people=people[key],
                    sessions=ran[key],
                    domains=domains,
                    feedback=feedback[key],
                    cards=cards.get(key, []),
                    counted=min(len(cards.get(key, [])), sum(person.started for person in people[key])),
                    methods=methods[key],
                    suggestions=suggestions.get(key, NOTHING),
                ),
            )
            for key in keys
            if key in cohorts and any(session.cancelled_at is None for session in sessions[key])
        ]

    # --- People ----------------------------------------------------------------------------------------

    def _people(
        self,
        keys: Sequence[int],
        sessions: Mapping[int, list[Session]],
        held: set[int],
        marks: Mapping[int, list[collect.Mark]],
        scores: Mapping[int, Answers],
    ) -> dict[int, list[PersonRow]]:
        sources: dict[int, dict[int, str]] = defaultdict(dict)
        referrals = Referral.objects.filter(cohort__in=keys).order_by()
        for cohort, person, source in referrals.values_list("cohort", "caregiver", "source"):
            sources[cohort][person] = source
        places: dict[int, dict[int, Place]] = defaultdict(dict)
        for place in Place.objects.filter(cohort__in=keys).order_by():
            places[place.cohort_id][place.caregiver_id] = place
        return {
            key: collect.people_of(sources[key], places[key], sessions.get(key, []), held, marks.get(key, []), scores)
            for key in keys
        }

    # --- Before and after ------------------------------------------------------------------------------

    def _scores(self, keys: Sequence[int]) -> tuple[dict[int, Answers], dict[int, list[Answers]], list[DomainSpec]]:
        """Scores by place, of people whose consent stands; by group, those given under a card; their domains."""
        waves = Wave.objects.filter(cohort__in=keys, point__in=collect.ROUNDS)
        by_key = {wave.pk: wave for wave in waves.select_related("measure__questionnaire").order_by("pk")}
        coded = set(EvaluationPlan.objects.filter(cohort__in=keys, mode=Mode.CODED).values_list("cohort", flat=True))
        answered: dict[int, dict[tuple[str, str], Scores]] = defaultdict(dict)
        for wave, pseudonym, scores in self._answered(by_key):
            answered[wave.cohort_id][wave.point, pseudonym] = scores
        domains = {spec: None for wave in by_key.values() for spec in self._measure(wave.measure)[2]}
        cards = {key: collect.told_by_card(answered[key]) for key in collect.counted_out(coded & answered.keys())}
        standing = Consent.objects.filter(caregiver__places__cohort__in=keys).standing(ConsentKind.EVALUATION)
        agreed = set(standing.values_list("caregiver__places", flat=True))
        by_place = {}
        for key in PseudonymKey.objects.filter(place__cohort__in=keys).select_related("place"):
            if key.place_id in agreed and key.place.cohort_id not in coded:
                by_place[key.place_id] = collect.answers_of(answered[key.place.cohort_id], key.pseudonym)
        return by_place, cards, list(domains)

    def _measure(self, measure: Measure) -> tuple[MeasureSpec, dict[str, str], list[DomainSpec]]:
        """How it is scored, and its domains under keys that only the same questions and the same scale share."""
        if measure.pk not in self.measures:
            spec, slug = spec_of(measure), measure.questionnaire.slug
            renamed, domains = {}, []
            for domain in domains_of(spec):
                key = f"{slug}:{domain.key}:{domain.low:g}-{domain.high:g}"
                title = domain.title if slug == OWN else f"{domain.title} ({measure.questionnaire.title})"
                renamed[domain.key] = key
                domains.append(replace(domain, key=key, title=title))
            self.measures[measure.pk] = spec, renamed, domains
        return self.measures[measure.pk]

    def _answered(self, waves: Mapping[int, Wave]) -> Iterator[tuple[Wave, str, Scores]]:
        columns = ("wave", "pseudonym", "submission", "submission__way")
        responses = list(Response.objects.filter(wave__in=list(waves)).values_list(*columns))
        numbers: dict[object, dict[str, int | None]] = defaultdict(dict)
        # Not by a join, as in evaluation.collecting.collect: SQLite might begin at the question.
        about = Subquery(Question.objects.filter(pk=OuterRef("question")).values("slug"))
        given = Answer.objects.filter(submission__in=[response[2] for response in responses]).order_by()
        for submission, slug, number in given.values_list("submission", about, "number"):
            numbers[submission][slug] = number
        for wave_id, pseudonym, submission, way in responses:
            wave = waves[wave_id]
            spec, renamed, _domains = self._measure(wave.measure)
            scored = score(spec, numbers[submission])
            yield wave, pseudonym, Scores({renamed[key]: value for key, value in scored.items()}, way)

    # --- Feedback --------------------------------------------------------------------------------------

    def _feedback(self, keys: Sequence[int], marks: Mapping[int, list[collect.Mark]]) -> dict[int, list[Asked]]:
        """Opened answers only, by group and the version of the questions."""
        there = Counter(session for rows in marks.values() for session, _place, state in rows if state in ATTENDED)
        opened = Form.objects.filter(cohort__in=keys).after_sessions().exclude(opened_with=None)
        forms: dict[tuple[int, int], list[Form]] = defaultdict(list)
        for form in opened.order_by("questionnaire", "pk"):
            forms[form.cohort_id, form.questionnaire_id].append(form)
        sheets = sheets_by_form(form for some in forms.values() for form in some)
        asked_of: dict[int, list[Asked]] = defaultdict(list)
        for (cohort, version), some in forms.items():
            answered = [row for form in some for row in collect.heard(sheets.get(form.pk, []))]
            asked = sum(there[form.session_id] for form in some if form.session_id)
            asked_of[cohort].append(Asked(sheets=answered, questions=self._questions(version), asked=asked))
        return asked_of

    def _questions(self, version: int) -> list[QuestionSpec]:
        if version not in self.questions:
            self.questions[version] = collect.questions_of(Questionnaire.objects.get(pk=version))
        return self.questions[version]


def _by_cohort(sessions: Sequence[Session], rows: Sequence[SessionRow]) -> dict[int, list[SessionRow]]:
    by_cohort: dict[int, list[SessionRow]] = defaultdict(list)
    for session, row in zip(sessions, rows, strict=True):
        by_cohort[session.cohort_id].append(row)
    return by_cohort


def _methods(keys: Sequence[int]) -> dict[int, dict[str, int]]:
    counters: dict[int, Counter[str]] = defaultdict(Counter)
    for cohort, methods in Information.objects.filter(cohort__in=keys).order_by().values_list("cohort", "methods"):
        counters[cohort].update(set(methods))
    return defaultdict(dict) | {
        cohort: {method.value: counts[method.value] for method in Information.Method if counts[method.value]}
        for cohort, counts in counters.items()
    }


def _suggestions(keys: Sequence[int]) -> dict[int, Suggestions]:
    counts = Suggestion.objects.filter(cohort__in=keys).values("cohort").order_by()
    counted = counts.annotate(made=Count("pk"), answered=Count("pk", filter=~Q(answer="")))
    return {row["cohort"]: Suggestions(row["made"], row["answered"]) for row in counted}


def _group(
    cohort: Cohort, sessions: Sequence[Session], held: set[int], people: Sequence[PersonRow], now: datetime
) -> Group:
    return Group(
        code=cohort.code,
        name=cohort.name,
        area=cohort.area,
        first_on=min(session.day for session in sessions if session.cancelled_at is None),
        planned=len(sessions),
        held=sum(session.pk in held for session in sessions),
        **{column: getattr(reach(people), column) for column in COLUMNS},
        ended=all(session.starts_at <= now for session in sessions if session.cancelled_at is None),
    )


COLUMNS = ("referred", "offered", "started", "completed")
