"""From the database to the rows that `evaluation.across` takes: some groups at a time, with the same number of queries
however many they are. Who counts as what is decided in `evaluation.collect`, for one group and for many alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from caregivers.models import Consent, ConsentKind, Information, Place, Referral
from evaluation import collect, delivered
from evaluation.across import Asked, Chunk, Pair
from evaluation.across_beside import Basis
from evaluation.figures import DomainSpec, PersonRow, QuestionSpec, Scores, SheetRow, Suggestions, reach
from evaluation.measures import OWN, domains_of, spec_of
from evaluation.models import AcrossReport, EvaluationPlan, Measure, Mode, PseudonymKey, Response, Wave
from evaluation.scoring import MeasureSpec, score
from feedback.actions import least
from feedback.models import Answer, Form, Question, Questionnaire, Suggestion
from feedback.rows import sheets_of
from programmes.models import Cohort
from sessions_app.models import ATTENDED, MarkState, RegisterMark, Session

AT_ONCE = 50  # groups in a chunk: half a second's work, so that cancelling is prompt


@dataclass(frozen=True)
class Group:
    """A line of the list of groups, and what the group adds to the report."""

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
    pairs: int

    @property
    def basis(self) -> Basis:
        return Basis(self.referred, self.started, self.pairs)


def chosen(report: AcrossReport) -> QuerySet[Cohort]:
    """The groups a report is about: by the day of their first session, with `first` (its moment)."""
    first = Min("sessions__starts_at", filter=Q(sessions__cancelled_at=None))
    zone = timezone.get_current_timezone()
    after = datetime.combine(report.from_on, time.min, zone)
    before = datetime.combine(report.until_on + timedelta(days=1), time.min, zone)
    found = Cohort.objects.order_by().annotate(first=first).filter(first__gte=after, first__lt=before)
    if report.programme_id:
        found = found.filter(programme=report.programme_id)
    return found.filter(area=report.area) if report.area else found


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

    def read(self, keys: Sequence[int]) -> tuple[Chunk, list[Group]]:
        sessions: dict[int, list[Session]] = defaultdict(list)
        for session in Session.objects.filter(cohort__in=keys, extra=False).defer("aims", "materials"):
            sessions[session.cohort_id].append(session)
        marks: dict[int, list[collect.Mark]] = defaultdict(list)
        latest = RegisterMark.objects.filter(session__cohort__in=keys).latest().exclude(state=MarkState.OPEN)
        for cohort, session_id, place, state in latest.order_by().values_list(
            "session__cohort", "session", "place", "state"
        ):
            marks[cohort].append((session_id, place, state))
        ticked = {mark[0] for rows in marks.values() for mark in rows}
        every = [session for rows in sessions.values() for session in rows]
        held = {session.pk for session in every if session.starts_at <= self.now and session.pk in ticked}
        scores, cards, domains = self._scores(keys)
        people = self._people(keys, sessions, held, marks, scores)
        started = {key: sum(person.started for person in rows) for key, rows in people.items()}
        chunk = Chunk(
            cohorts=len(keys),
            people=[person for rows in people.values() for person in rows],
            sessions=delivered.rows(every, held, self.now),
            domains=domains,
            feedback=self._feedback(keys, marks),
            cards=[pair for pairs in cards.values() for pair in pairs],
            counted=sum(min(len(pairs), started.get(key, 0)) for key, pairs in cards.items()),
            methods=_methods(keys),
            suggestions=_suggestions(keys),
        )
        return chunk, _groups(keys, sessions, held, people, cards)

    # --- People ----------------------------------------------------------------------------------------

    def _people(
        self,
        keys: Sequence[int],
        sessions: Mapping[int, list[Session]],
        held: set[int],
        marks: Mapping[int, list[collect.Mark]],
        scores: Mapping[int, Pair],
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

    def _scores(self, keys: Sequence[int]) -> tuple[dict[int, Pair], dict[int, list[Pair]], list[DomainSpec]]:
        """Scores by place, of people whose consent stands; by group, those given under a card; their domains."""
        waves = Wave.objects.filter(cohort__in=keys, point__in=[Wave.Point.BEFORE, Wave.Point.AFTER])
        found = {wave.pk: wave for wave in waves.select_related("measure__questionnaire").order_by("pk")}
        coded = set(EvaluationPlan.objects.filter(cohort__in=keys, mode=Mode.CODED).values_list("cohort", flat=True))
        answered: dict[int, dict[tuple[str, str], Scores]] = defaultdict(dict)
        for wave, pseudonym, scores in self._answered(found):
            answered[wave.cohort_id][wave.point, pseudonym] = scores
        domains = {spec: None for wave in found.values() for spec in self._measure(wave.measure)[2]}
        cards = {key: _by_card(answered[key]) for key in coded if key in answered}
        standing = Consent.objects.filter(caregiver__places__cohort__in=keys).standing(ConsentKind.EVALUATION)
        agreed = set(standing.values_list("caregiver__places", flat=True))
        by_place = {}
        for key in PseudonymKey.objects.filter(place__cohort__in=keys).select_related("place"):
            if key.place_id in agreed and key.place.cohort_id not in coded:
                by_place[key.place_id] = _both(answered[key.place.cohort_id], key.pseudonym)
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
        # Not by a join, as in evaluation.collect: SQLite might begin at the question.
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

    def _feedback(self, keys: Sequence[int], marks: Mapping[int, list[collect.Mark]]) -> list[Asked]:
        """Opened answers only, by the version of the questions."""
        there = Counter(session for rows in marks.values() for session, _place, state in rows if state in ATTENDED)
        by_version: dict[int, list[Form]] = defaultdict(list)
        for form in Form.objects.filter(cohort__in=keys).after_sessions().exclude(opened_with=None).order_by("pk"):
            by_version[form.questionnaire_id].append(form)
        return [
            Asked(
                sheets=[SheetRow(dict(sheet.answers), sheet.way) for sheet in sheets_of(forms)],
                questions=self._questions(version),
                asked=sum(there[form.session_id] for form in forms if form.session_id),
            )
            for version, forms in sorted(by_version.items())
        ]

    def _questions(self, version: int) -> list[QuestionSpec]:
        if version not in self.questions:
            self.questions[version] = collect.questions_of(Questionnaire.objects.get(pk=version))
        return self.questions[version]


def _both(answered: Mapping[tuple[str, str], Scores], pseudonym: str) -> Pair:
    return answered.get((Wave.Point.BEFORE, pseudonym)), answered.get((Wave.Point.AFTER, pseudonym))


def _by_card(answered: Mapping[tuple[str, str], Scores]) -> list[Pair]:
    """A round that few cards have answered is as if nobody had (see `evaluation.collect`)."""
    came = Counter(point for point, _pseudonym in answered)
    told = {key: scores for key, scores in answered.items() if came[key[0]] >= least()}
    return [_both(told, pseudonym) for pseudonym in sorted({pseudonym for _point, pseudonym in told})]


def _methods(keys: Sequence[int]) -> dict[str, int]:
    rows = Information.objects.filter(cohort__in=keys).order_by().values_list("methods", flat=True)
    found = Counter(method for methods in rows for method in set(methods))
    return {method.value: found[method.value] for method in Information.Method if found[method.value]}


def _suggestions(keys: Sequence[int]) -> Suggestions:
    counts = Suggestion.objects.filter(cohort__in=keys).aggregate(
        made=Count("pk"), answered=Count("pk", filter=~Q(answer=""))
    )
    return Suggestions(**counts)


def _groups(
    keys: Sequence[int],
    sessions: Mapping[int, list[Session]],
    held: set[int],
    people: Mapping[int, list[PersonRow]],
    cards: Mapping[int, list[Pair]],
) -> list[Group]:
    cohorts = Cohort.objects.in_bulk(list(keys))
    return [
        Group(
            code=(cohort := cohorts[key]).code,
            name=cohort.name,
            area=cohort.area,
            first_on=min(session.day for session in sessions[key] if session.cancelled_at is None),
            planned=len(sessions[key]),
            held=sum(session.pk in held for session in sessions[key]),
            **{column: getattr(reach(people[key]), column) for column in COLUMNS},
            pairs=_pairs(
                [(person.before, person.after) for person in people[key] if person.started] + cards.get(key, [])
            ),
        )
        for key in keys
        if key in cohorts and sessions.get(key)
    ]


COLUMNS = ("referred", "offered", "started", "completed")


def _pairs(rows: Iterable[Pair]) -> int:
    """In the domain in which most have a score before and after."""
    both: Counter[str] = Counter()
    for before, after in rows:
        if before and after:
            both.update(
                key for key, value in before.domains.items() if value is not None and after.domains.get(key) is not None
            )
    return max(both.values(), default=0)
