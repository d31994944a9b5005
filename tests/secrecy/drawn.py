"""Does any pair, triple or sum of what is really drawn leave a few people over? A search through pages and files.

    .venv/bin/python -m tests.secrecy.drawn [200] [seed] [--pdfs]     on a database of its own

Services of ten small groups each, in the database, filled and changed by the product's own actions: rounds closed late,
feedback forms opened one after the other, withdrawals, people erased, late referrals, registers put right, notes in the
information log; two or three versions published of each, reports over many groups between them. After every change the
pages and files are fetched as their readers fetch them, and read back (read_back.py refuses a number it does not
know):

- each team: the live figures, the page where the report is written, both previews, the data as page, XLSX and CSV, the
  answers after each session, its published versions
- manager and evaluator, who keep no register: the live figures, the evaluator's data as XLSX and CSV
- whoever stands outside: every edition to share, every report over many groups, as page, XLSX and CSV
- with --pdfs every PDF is drawn too, and says no number that its page does not (a second each)

What a number rests on is known from what was done, not from the product, and must be as many people as it says. Then
whatever the readers took down is added up and taken away (leaks.py) until few people are left, or not. Of live
pages what people answered is taken down: the lead keeps the registers, and to the others they tell of these what the
last version does, which is looked after; but for how many came on one evening, where a tick put right shows as one
more. At the end the same with what guards differences switched off: if nothing were found then, the search would be
blind.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from random import Random
from statistics import median
from typing import Any
from unittest import mock

from evaluation.disclosure.suppression import SHARED, TEAM
from evaluation.figures.rows import PersonRow
from evaluation.figures.shapes import (
    AtStart,
    Band,
    Change,
    DomainFigures,
    Dose,
    Feedback,
    Figures,
    Later,
    MethodCount,
    QuestionFigures,
    Reach,
    SessionFigures,
    SourceReach,
    WayCount,
)
from tests import machines
from tests.markup import on_one_line
from tests.secrecy import read_back
from tests.secrecy.drawn_groups import FIRST, METHODS, Group, World
from tests.secrecy.leaks import Family, Notebook, leaks
from tests.secrecy.read_back import Disagrees, Numbers

GROUPS = 10  # of a service


# --- What was read, as the notebooks take it -----------------------------------------------------------------


class Names:
    """What things are called on pages, and in the notebooks."""

    def __init__(self, domains: dict[str, str], questions: dict[str, str]) -> None:
        from caregivers.models import Information, Referral

        self.domains, self.questions = domains, questions  # title -> key
        self.sources = {str(label): value for value, label in Referral.Source.choices} | {"All others together": ""}
        self.methods = {str(label): value for value, label in Information.Method.choices}


def figures_of(said: Numbers, names: Names) -> Figures:
    """Figures with as much in them as was said."""

    def n(*key: str) -> Any:
        return None if (value := said.get(key)) is None else int(value)

    def domain(title: str) -> DomainFigures:
        change = at_start = None
        if ("median_change", title) in said:
            before, after, change_of = (said[f"median_{word}", title] for word in ("before", "after", "change"))
            better, same, worse = n("better", title), n("same", title), n("worse", title)
            change = Change(before, after, change_of, None, None, better, same, worse, 0.0, None)
        if ("start", "completed", title) in said:
            at_start = AtStart(n("start", "completed", title), 0.0, n("start", "others", title), 0.0)
        later = None
        if ("later_change", title) in said:
            counts = [n(f"later_{word}", title) for word in ("better", "same", "worse")]
            later = Later(n("later_pairs", title), said["later_change", title], *counts)
        pairs = n("pairs", title) or 0
        made = DomainFigures(names.domains[title], title, 0, 4, pairs, None, None, None, 0, change, at_start)
        return replace(made, later=later)

    def of(kind: str, at: int = 1) -> list[str]:
        return sorted({key[at] for key in said if key[0] == kind})

    return Figures(
        cohorts=n("groups") or 1,
        reach=Reach(
            *(n("reach", column) or 0 for column in ("referred", "offered", "started", "completed")),
            by_source=tuple(
                SourceReach(
                    names.sources[source],
                    *(n("source", source, column) for column in ("referred", "offered", "started", "completed")),
                )
                for source in of("source")
            ),
        ),
        dose=Dose(
            people=n("dose", "people") or 0,
            spread=tuple(Band(int(key[1]), int(key[2]), int(said[key])) for key in said if key[0] == "times"),
        ),
        sessions=tuple(
            SessionFigures(int(s), "", 1, 1, 90, n("session", s, "present"), n("session", s, "expected"))
            for s in of("session")
        ),
        feedback=Feedback(
            sheets=n("sheets") or 0,
            questions=tuple(
                QuestionFigures(names.questions[text], text, (), n("question", text), (1,))
                for text in of("question")
                if any(key[:2] == ("option", text) for key in said)
            ),
        ),
        ways=tuple(WayCount(way, n("way", "measure", way)) for way in sorted({k[2] for k in said if k[:2] == MEASURE})),
        domains=tuple(domain(title) for title in names.domains),
        methods=tuple(MethodCount(names.methods[name], n("method", name)) for name in of("method")),
    )


MEASURE = ("way", "measure")


def pooled_of(said: Numbers) -> Numbers:
    return {key[1:]: value for key, value in said.items() if key[0] == "pooled"}


def people_of(groups: list[Group]) -> dict[int, PersonRow]:
    return {number: row for group in groups for number, row in group.people.items()}


def changes_of(groups: list[Group], domain: str, since: str = "after") -> dict[int, float]:
    """Who has a score before and then, and how much it changed. since: "after", or "later"."""
    found = {}
    for number, row in people_of(groups).items():
        before, then = (scores.domains[domain] if scores else None for scores in (row.before, getattr(row, since)))
        if before is not None and then is not None:
            found[number] = round(then - before, 9)
    return found


def better(change: float) -> bool:
    return change > 0


def same(change: float) -> bool:
    return change == 0


def worse(change: float) -> bool:
    return change < 0


def agree(made: Figures, groups: list[Group]) -> None:
    """Whether what was said is what was done: else what is looked through would be something else."""
    people = list(people_of(groups).values())
    for domain in made.domains:
        for since, change, pairs in (
            ("after", domain.change, domain.pairs),
            ("later", domain.later, domain.later and domain.later.pairs),
        ):
            if change is None or change.median is None:
                continue
            changes = list(changes_of(groups, domain.key, since).values())
            _same(f"pairs of {domain.title}", pairs, len(changes))
            if abs(change.median - median(changes)) > 0.0501:  # a page has one decimal
                raise Disagrees(f"{domain.title}: the median is {median(changes)}, {change.median} was said")
            for told, which in ((change.better, better), (change.same, same), (change.worse, worse)):
                if told is not None:
                    _same(domain.title, told, sum(map(which, changes)))
    for session in made.sessions:
        if session.present is not None:
            _same("present", session.present, sum(session.number in row.attended for row in people))
    heard: Counter[str] = Counter()
    for group in groups:
        heard.update({slug: len(numbers) for slug, numbers in group.sheets().items()})
    for question in made.feedback.questions:
        _same(question.text, question.n, heard[question.key])
    done = (len(people), sum(row.started for row in people), sum(row.completed for row in people))
    for said, was in zip((made.reach.referred, made.reach.started, made.reach.completed), done, strict=True):
        _same("people", said or was, was)  # of several groups together not everything is said


def _same(what: str, said: int, done: int) -> None:
    if said != done:
        raise Disagrees(f"{what}: {said} were said, and {done} it was")


# --- A service -------------------------------------------------------------------------------------------


class Service(World):
    """Ten groups and their readers. pdfs: draw them too. guarded: what guards differences is on."""

    def __init__(self, chance: Random, groups: int = GROUPS, pdfs: bool = False, guarded: bool = True) -> None:
        from evaluation.measures.queries import domains_of, spec_of
        from ppg.access.permissions import Role
        from tests.factories import UserFactory

        super().__init__(chance)
        self.pdfs, self.guarded, self.outputs = pdfs, guarded, 0
        self.manager = UserFactory(role=Role.MANAGER)
        self.browsers = {user: self.browser(user) for user in (self.lead, self.manager, self.evaluator)}
        self.names = Names(
            {str(domain.title): domain.key for domain in domains_of(spec_of(self.measure))},
            {question.text: question.slug for question in self.asked},
        )
        self.inside, self.out, self.teams = Notebook(), Notebook(), Notebook()
        self.blocks: list[Numbers] = []  # several groups together, as published
        self.groups = [self.group(number) for number in range(groups)]

    @staticmethod
    def browser(user: Any) -> Any:
        from django.test import Client

        client = Client()
        client.force_login(user)
        return client

    # --- What is told --------------------------------------------------------------------------------------

    def get(self, user: Any, name: str, *args: Any, **query: str) -> bytes:
        from django.urls import reverse

        answer = self.browsers[user].get(reverse(name, args=args), query)
        if answer.status_code != 200:
            raise RuntimeError(f"{name} answered {answer.status_code}.")
        self.outputs += 1
        return answer.content

    def look(self, group: Group) -> None:
        """Everything that the team and the manager can open now, without a version."""
        code = group.cohort.code
        page = read_back.page(self.get(self.lead, "evaluation:figures", code).decode())
        managers = read_back.page(self.get(self.manager, "evaluation:figures", code).decode())
        writing = read_back.page(self.get(self.lead, "evaluation:report", code).decode())
        preview = read_back.page(self.get(self.lead, "evaluation:preview", code).decode())
        book = read_back.workbook(self.get(self.lead, "evaluation:data_xlsx", code))
        files = read_back.archive(self.get(self.lead, "evaluation:data_csv", code))
        self.get(self.lead, "evaluation:data_of", code)
        read_back.alike(page, preview)
        read_back.alike(book, files)
        taken = read_back.workbook(self.get(self.evaluator, "evaluation:data_xlsx", code))
        read_back.alike(taken, read_back.archive(self.get(self.evaluator, "evaluation:data_csv", code)))
        read_back.fits(managers, taken)
        register = ("source", "times", "method", "dose")
        read_back.fits({key: told for key, told in taken.items() if key[0] not in register}, book)
        read_back.fits(page, book)
        read_back.fits(writing, page)
        self.live(figures_of(book, self.names), [group], (self.inside, self.teams))
        self.as_published(figures_of(taken, self.names), group)
        to_share = read_back.page(self.get(self.lead, "evaluation:preview", code, edition="shared").decode())
        self.live(figures_of(to_share, self.names), [group], (self.inside, self.teams))
        if (pooled := pooled_of(to_share)) and pooled not in self.blocks:
            raise Disagrees("A preview tells of several groups together what was not published.")
        self.after_sessions(group)

    def live(self, made: Figures, groups: list[Group], books: tuple[Notebook, ...]) -> None:
        """What people answered. Places and registers change under the lead's own hands, and how those who completed had
        begun is of a version that has been read."""
        agree(made, groups)
        domains = tuple(replace(domain, at_start=None) for domain in made.domains)
        reach = replace(made.reach, by_source=())
        answered = replace(made, sessions=(), methods=(), dose=Dose(people=0), reach=reach, domains=domains)
        for book in books:
            book.live = True
            self.write(book, answered, groups)
            book.live = False

    def as_published(self, made: Figures, group: Group) -> None:
        """Whoever keeps no register is told of it what the last version tells."""
        parts = (made.reach.by_source, made.dose.spread, made.methods)
        if group.versions:
            told = Figures.from_dict(group.versions[-1].figures)
            should = (told.reach.by_source, told.dose.spread, told.methods)
        else:
            should = ((), (), ())
        for told_now, told_then in zip(parts, should, strict=True):
            if self.guarded and sorted(map(repr, told_now)) != sorted(map(repr, told_then)):
                raise Disagrees(f"Not as in the last version: {told_now} and {told_then}")

    def write(self, book: Notebook, made: Figures, groups: list[Group]) -> None:
        people = people_of(groups)
        methods = {name: [n for group in groups for n in group.methods[name]] for name in METHODS}
        book.at = self.last
        book.read(made, " ".join(str(group.number) for group in groups), people, methods)
        sheets: dict[str, list[int]] = defaultdict(list)
        for group in groups:
            for slug, numbers in group.sheets().items():
                sheets[slug] += numbers
        for question in made.feedback.questions:
            book.write(("question", question.key), sheets[question.key])
        for domain in made.domains:
            if domain.later and domain.later.median is not None:
                book.write(("later", domain.key), list(changes_of(groups, domain.key, "later")))
        if book is self.out:  # a team may know that one of them is worse off
            self.write_directions(made, groups)

    def write_directions(self, made: Figures, groups: list[Group]) -> None:
        for domain in made.domains:
            for since, told in (("after", domain.change), ("later", domain.later)):
                if told is None or told.better is None:
                    continue
                changes = changes_of(groups, domain.key, since)
                parts = {"better": better, "same": same, "worse": worse}
                if told.same is None:
                    parts = {"better": better, "not better": lambda change: not better(change)}
                for word, which in parts.items():
                    numbers = [number for number, change in changes.items() if which(change)]
                    self.out.write((since, word, domain.key), numbers)

    def after_sessions(self, group: Group) -> None:
        """The answers after each session, as the team reads them: what is held back there is in no sum."""
        for session in group.sessions[: group.heard]:
            counted = results_of(self.get(self.lead, "feedback:session", session.code).decode())
            for box in group.boxes if counted else []:
                if counted["sheets"] != len(box):
                    continue
                for text, slug in self.names.questions.items():
                    numbers = [number for number, answers in box if slug in answers]
                    if counted.get(text) == len(numbers):
                        for book in (self.inside, self.teams):
                            book.write(("question", slug), numbers)

    def publish(self, group: Group) -> None:
        from evaluation.models import ReportVersion
        from evaluation.reports import actions as reports

        if not any(row.offered for row in group.people.values()):
            return  # nobody was ever there, so no session was held, and there is nothing to publish
        text = {"in_short": "They came.", "learned": "Much.", "professionals": "Ring.", "recommendations": "- Go on"}
        reports.save_text(cohort=group.cohort, text=text, by=self.lead)
        code = reports.publish(cohort=group.cohort, by=self.lead).code
        group.versions.append(ReportVersion.objects.get(code=code))
        self.read_version(group, code)

    def read_version(self, group: Group, code: str) -> None:
        html = self.get(self.lead, "evaluation:version", code).decode()
        to_share = self.get(self.manager, "evaluation:shared", code).decode()
        team, shared = read_back.page(html), read_back.page(to_share)
        made, edition = figures_of(team, self.names), figures_of(shared, self.names)
        agree(made, [group])
        agree(edition, [group])
        if any(key[0] == "lines" for key in shared):
            raise Disagrees("An edition to share draws the lines of pairs.")
        for book in (self.inside, self.teams):
            self.write(book, made, [group])
        for book in (self.inside, self.out):
            self.write(book, edition, [group])
            if pooled := pooled_of(shared):
                groups = self.together(group, pooled)
                agree(figures_of(pooled, self.names), groups)
                self.write(book, figures_of(pooled, self.names), groups)
                self.blocks.append(pooled)
        if self.pdfs:
            from evaluation.reports.jobs import make_pdf

            make_pdf.call(code)
            read_back.same_in_print(self.get(self.lead, "evaluation:pdf", code), html)
            read_back.same_in_print(self.get(self.manager, "evaluation:shared_pdf", code), to_share)

    def together(self, group: Group, pooled: Numbers) -> list[Group]:
        """Which groups a block is of is printed nowhere; its readers may know. Here the database says it."""
        from evaluation.reports import editions

        codes = {cohort.pk for cohort in editions._block(group.cohort)} | {group.cohort.pk}
        groups = [one for one in self.groups if one.cohort.pk in codes]
        _same("groups together", int(pooled["groups",]), len(groups))
        return groups

    def report_across(self) -> None:
        from evaluation.across import actions as across
        from evaluation.across import jobs as across_jobs
        from evaluation.models import AcrossReport

        begin, end = sorted((self.chance.randrange(len(self.groups)), self.chance.randrange(len(self.groups))))
        days = [FIRST + timedelta(weeks=number) for number in (begin, end)]
        report = across.ask(
            from_on=days[0], until_on=days[1], area=self.area, programme=self.programme, by=self.manager
        )
        with ExitStack() as drawing:
            if not self.pdfs:
                drawing.enter_context(mock.patch.object(across_jobs, "render_pdf", return_value=b"%PDF"))
            across_jobs.make.call(report.code)
        report = AcrossReport.objects.get(pk=report.pk)
        html = self.get(self.manager, "evaluation:across_report", report.code).decode()
        page = read_back.page(html)
        book = read_back.workbook(self.get(self.manager, "evaluation:across_xlsx", report.code))
        read_back.alike(book, read_back.archive(self.get(self.manager, "evaluation:across_csv", report.code)))
        read_back.fits(page, book)
        if self.pdfs:
            read_back.same_in_print(self.get(self.manager, "evaluation:across_pdf", report.code), html)
        groups = self.groups[begin : end + 1]
        made = figures_of(book, self.names)
        agree(made, groups)
        for reader in (self.inside, self.out):
            self.write(reader, made, groups)

    def run(self) -> None:
        turns = [group for group in self.groups for _ in range(self.chance.choice((2, 2, 3)))]
        self.chance.shuffle(turns)
        for group in self.groups:
            self.look(group)
        for group in turns:
            self.publish(group)
            touched = self.chance.choice(self.groups)
            self.happens(touched)
            for one in {touched.number: touched, group.number: group}.values():
                self.look(one)
            if self.chance.random() < 0.5:
                self.report_across()


RESULT = re.compile(r'<section aria-labelledby="([^"]+)">(.*?)</section>', re.DOTALL)


def results_of(html: str) -> dict[str, int]:
    """Question -> how many answered it, and under "sheets" how many there were; nothing where nothing is shown."""
    html = on_one_line(html)
    sheets = re.search(r">(\d+) (?:person|people) answered\.</p>", html)
    if not sheets:
        return {}
    results = {"sheets": int(sheets[1])}
    for _slug, part in RESULT.findall(html):
        title = re.search(r"<h2[^>]*>(.*?)</h2>", part, re.DOTALL)
        told = re.search(r">(\d+) answered</p>", part)
        if title and told:
            results[read_back.flat(title[1])] = int(told[1])
    return results


def _titles(measure: Any) -> dict[str, str]:
    from evaluation.measures.queries import domains_of, spec_of

    return {str(domain.title): domain.key for domain in domains_of(spec_of(measure))}


# --- The search ------------------------------------------------------------------------------------------


@contextmanager
def guards_off() -> Iterator[None]:
    """What is told before is forgotten each time."""
    from evaluation.across import actions as across
    from evaluation.across import suppression as across_suppression
    from evaluation.collecting import collect
    from evaluation.reports import editions

    def nothing(figures: Figures, *_beside: Any) -> Figures:
        return figures

    def unguarded(whole: Figures, _counts: Any, prior: Any) -> Figures:
        return across_suppression.outside(whole, prior.least)

    with (
        mock.patch("evaluation.disclosure.suppression.compared", nothing),
        mock.patch.object(collect, "as_published", nothing),
        mock.patch.object(collect, "settled", nothing),
        mock.patch.object(across_suppression, "suppress", nothing),
        mock.patch.object(editions, "_suppress", nothing),
        mock.patch.object(across, "figures_to_release", unguarded),
    ):
        yield


def search(service: Service) -> dict[str, int]:
    """Leaks found, by reader and kind of number."""
    service.run()
    tally: dict[str, int] = Counter()
    tally["numbers told"] = sum(len(sets) for sets in service.inside.published.values())
    tally["outputs read"] = service.outputs
    readers = (("teams", service.teams, TEAM), ("outside", service.out, SHARED), ("all", service.inside, TEAM))
    for reader, book, threshold in readers:
        families: list[Family] = leaks(book, threshold)
        for family in families:
            tally[f"{reader}: {family[0]}"] += 1
    return dict(tally)


def main() -> int:
    arguments = [word for word in sys.argv[1:] if not word.startswith("--")]
    groups = int(arguments[0]) if arguments else 200
    seed = int(arguments[1]) if len(arguments) > 1 else 1
    with machines.database("sqlite"):
        import django

        django.setup()
        from django.conf import settings
        from django.core.management import call_command

        settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
        settings.TASKS["default"] = {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        ways = ((groups, "as we do it", False), (groups // 5, "with what guards differences switched off", True))
        clean = True
        for many, words, off in ways:
            tally: Counter[str] = Counter()
            for number in range(-(-many // GROUPS)):
                with guards_off() if off else ExitStack():
                    pdfs, chance = "--pdfs" in sys.argv and not off, Random(seed * 10_007 + number)
                    tally.update(search(Service(chance, pdfs=pdfs, guarded=not off)))
                print(f"{GROUPS * (number + 1)} groups: {dict(tally)}", flush=True)
            print(f"{-(-many // GROUPS) * GROUPS} groups, {words}: {dict(tally)}", flush=True)
            clean = clean and bool([name for name in tally if ":" in name]) == off
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
