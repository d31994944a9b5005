"""Does any pair, triple or sum of what we tell leave a few people over? A search through invented services.

    .venv/bin/python -m tests.secrecy.disclosure [200] [seed]

Each service has ten small cohorts that publish two or three versions, with withdrawals, late referrals and corrected
registers between them, and asks for reports across cohorts by period and area. Whatever is told is taken down with
the people it rests on: of the live page and the team's edition (they are one), the edition to share, the cohorts
together in it, and the reports across. The data files hold what the team's edition holds. Then every single one, every
difference of two and every `a + b - c` is tried, and each is reduced by whatever it contains. One that leaves fewer
people than the reader's threshold is a leak. It is run as we do it, then with what guards differences switched off:
if nothing were found then, the search would be blind.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass, field, replace
from random import Random

from django.conf import settings

from evaluation.across import suppression as across_suppression
from evaluation.across.counts import Release, add, note, note_withdrawal
from evaluation.across.pool import Chunk, Pool
from evaluation.disclosure.combining import SingleGroups
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.differencing import bases
from evaluation.disclosure.pooling import closes, is_small, without
from evaluation.disclosure.suppression import SHARED, TEAM, hold_back, outside, shared
from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, Scores, SessionRow
from evaluation.figures.shapes import Figures, SourceReach
from tests.secrecy.leaks import SOURCES, Notebook, leaks

DOMAINS = [DomainSpec("wellbeing", "Wellbeing", 0, 4), DomainSpec("goal", "Goal", 0, 10)]
SESSIONS = [SessionRow(n, f"Session {n}", 90, held=True) for n in range(1, 7)]
COHORTS = 10  # of a service
COLUMNS = ("referred", "offered", "started", "completed")


@dataclass
class Cohort:
    name: int
    people: dict[int, PersonRow]
    methods: dict[str, list[int]]
    team: list[Figures] = field(default_factory=list)
    shared: list[Figures] = field(default_factory=list)
    told_before: list[dict[str, int]] = field(default_factory=list)

    def whole(self) -> Figures:
        methods = {method: len(entries) for method, entries in self.methods.items()}
        return figures(people=self.people.values(), sessions=SESSIONS, domains=DOMAINS, methods=methods)


# --- A service, as it goes along -----------------------------------------------------------------------


class Service:
    def __init__(self, chance: Random, guarded: bool = True) -> None:
        self.chance, self.guarded, self.next = chance, guarded, 0
        self.cohorts = [self.cohort(name) for name in range(COHORTS)]
        self.inside, self.out = Notebook(), Notebook()  # who sees every team's page; who sees what leaves the teams
        self.teams = Notebook()  # of the teams' editions alone
        self.beside_teams: set[tuple[str, ...]] = set()  # leaks when something was told of several groups
        self.blocks: list[list[Cohort]] = []
        self.waiting: list[Cohort] = []
        self.together: list[Release] = []  # reports across, and blocks in editions to share

    def number(self) -> int:
        self.next += 1
        return self.next

    def person(self) -> PersonRow:
        chance = self.chance
        attended = frozenset(n for n in range(1, 7) if chance.random() < chance.choice((0.3, 0.9, 0.95)))
        return PersonRow(
            chance.choices(SOURCES, [5, 4, 2, 1])[0],
            offered=chance.random() < 0.9,
            attended=attended if chance.random() < 0.9 else frozenset(),
            expected=frozenset(range(1, 7)),
            before=self.scores(0.85),
            after=self.scores(0.8),
        )

    def scores(self, likely: float) -> Scores | None:
        chance = self.chance
        if chance.random() > likely:
            return None
        one = {"wellbeing": chance.randint(0, 8) / 2, "goal": chance.choice([None, *map(float, range(11))])}
        return Scores(one, chance.choice(("online", "online", "paper")))

    def cohort(self, name: int) -> Cohort:
        people = {self.number(): self.person() for _ in range(self.chance.randint(2, 13))}
        methods = {method: [self.number() for _ in range(self.chance.randint(0, 9))] for method in ("gifts", "debt")}
        return Cohort(name, people, methods)

    def run(self) -> None:
        turns = [cohort for cohort in self.cohorts for _ in range(self.chance.choice((2, 2, 3)))]
        self.chance.shuffle(turns)
        for cohort in turns:
            self.publish(cohort)
            self.happens(self.chance.choice(self.cohorts))
            if self.chance.random() < 0.5:
                self.report_across()

    def happens(self, cohort: Cohort) -> None:
        """A withdrawal, a late referral, a corrected register, an entry in the log; or nothing."""
        what, people = self.chance.randrange(6), cohort.people
        if what <= 1:
            person = self.chance.choice(list(people))
            before = bases(self.team(cohort))
            people[person] = replace(people[person], before=None, after=None)
            now = bases(cohort.whole())
            cohort.told_before.append({key: n for key, n in before.items() if now.get(key) != n})
        elif what == 2:
            people[self.number()] = replace(self.person(), before=None, after=None)  # rounds are opened all at once
        elif what == 3:
            person = self.chance.choice(list(people))
            if len(people[person].attended) > 1:
                corrected = people[person].attended ^ {self.chance.randint(1, 6)}
                people[person] = replace(people[person], attended=corrected)
        elif what == 4:
            cohort.methods["debt"].append(self.number())

    # --- What is told -------------------------------------------------------------------------------

    def team(self, cohort: Cohort) -> Figures:
        if not self.guarded:
            return self.naive(hold_back(cohort.whole(), TEAM), cohort, TEAM)
        return hold_back(cohort.whole(), TEAM, earlier=cohort.team, told_before=cohort.told_before)

    def naive(self, made: Figures, cohort: Cohort, threshold: int) -> Figures:
        """Only what is small itself is held back."""
        rows = tuple(row for row in cohort.whole().reach.by_source if row.referred >= threshold)
        fewer = [
            {column: n if (n := getattr(row, column)) >= threshold else None for column in COLUMNS[1:]} for row in rows
        ]
        named = tuple(SourceReach(row.source, row.referred, **less) for row, less in zip(rows, fewer, strict=True))
        return replace(made, reach=replace(made.reach, by_source=named))

    def publish(self, cohort: Cohort) -> None:
        first = not cohort.team
        team = self.team(cohort)
        together = self.block(cohort, first)
        before = [past.pooled for one in together for past in one.shared if past.pooled]
        edition = shared(
            cohort.whole(),
            team=team,
            pooled=self.pooled(together) if together else None,
            pooled_before=before if self.guarded else (),
            earlier=cohort.shared if self.guarded else (),
            told_before=cohort.told_before if self.guarded else (),
        )
        if self.guarded:
            edition = self.less(edition, [cohort])
        if edition.pooled and self.guarded:
            pooled = self.less(edition.pooled, together)
            edition = replace(edition, pooled=pooled if pooled.domains else None)
            if edition.pooled:
                self.together.append(Release(pooled, self.counts(together)[1]))
        if first and edition.pooled and self.guarded:
            self.blocks.append(together)
            self.waiting = []
        elif first and not edition.domains:
            self.waiting.append(cohort)
        cohort.team.append(team)
        cohort.shared.append(edition)
        for book in (self.inside, self.teams):
            book.read(team, str(cohort.name), cohort.people, cohort.methods)
        known = leaks(self.inside, TEAM)
        for book in (self.inside, self.out):
            book.read(edition, str(cohort.name), cohort.people, cohort.methods)
            if edition.pooled:
                book.read(edition.pooled, self.names(together), *self.of(together))
        self.beside_teams |= set(leaks(self.inside, TEAM)) - set(known)

    def block(self, cohort: Cohort, first: bool) -> list[Cohort]:
        if not is_small(cohort.whole(), SHARED):
            return []
        if not self.guarded:
            return [cohort, *(one for one in self.cohorts if one.team and one is not cohort)]
        if not first:
            return next((block for block in self.blocks if cohort in block), [])
        return [cohort, *self.waiting]

    def pooled(self, together: list[Cohort]) -> Figures | None:
        people, methods = self.of(together)
        counts = {method: len(entries) for method, entries in methods.items()}
        made = figures(people=people.values(), sessions=[], domains=DOMAINS, methods=counts, cohorts=len(together))
        if not self.guarded:
            return made
        wholes = [one.whole() for one in together]
        if not closes(wholes, TEAM, SHARED):
            return None
        gone = {key for one in together for past in one.told_before for key in past}
        for one, whole in zip(together, wholes, strict=True):
            now = {domain.key: domain.pairs for domain in whole.domains}
            gone |= {d.key for past in one.team for d in past.domains if d.change and now[d.key] != d.pairs}
        return without(made, gone)

    @staticmethod
    def names(groups: list[Cohort]) -> str:
        return " ".join(str(one.name) for one in groups)

    @staticmethod
    def of(together: list[Cohort]) -> tuple[dict[int, PersonRow], dict[str, list[int]]]:
        people = {number: row for one in together for number, row in one.people.items()}
        names = {method for one in together for method in one.methods}
        return people, {name: [entry for one in together for entry in one.methods.get(name, [])] for name in names}

    @staticmethod
    def counts(groups: list[Cohort]) -> tuple[Figures, Counts]:
        pool, counts = Pool(), Counts()
        for one in groups:
            methods = {method: len(entries) for method, entries in one.methods.items()}
            rows = Chunk(1, list(one.people.values()), SESSIONS, DOMAINS, methods=methods)
            pool.add(rows)
            add(counts, str(one.name), rows)
        return pool.figures(), counts

    def less(self, made: Figures, groups: list[Cohort]) -> Figures:
        """As evaluation.reports.editions does it."""
        _whole, counts = self.counts(groups)
        made = across_suppression.suppress(made, counts, self.prior(counts))
        return replace(made, domains=tuple(domain for domain in made.domains if domain.change))

    def prior(self, counts: Counts) -> across_suppression.PriorReleases:
        """As evaluation.across.releases reads it from the database."""
        inside, out = SingleGroups(TEAM), SingleGroups(SHARED)
        every = [counts, *(past.counts for past in self.together)]
        for one in self.cohorts:
            for alone, editions in ((inside, one.team), (out, one.shared)):
                for edition in editions:
                    note(alone, every, str(one.name), edition.to_dict())
                for past in one.told_before:
                    note_withdrawal(alone, str(one.name), past)
        return across_suppression.PriorReleases(self.together, SHARED, inside, out)

    def report_across(self) -> None:
        begin, end = sorted((self.chance.randrange(COHORTS), self.chance.randrange(COHORTS)))
        chosen = self.cohorts[begin : end + 1]
        whole, counts = self.counts(chosen)
        if self.guarded:
            made = across_suppression.figures_to_release(whole, counts, self.prior(counts))
            self.together.append(Release(made, counts))
        else:
            made = outside(whole, SHARED)
        known = leaks(self.inside, TEAM)
        for book in (self.inside, self.out):
            book.read(made, self.names(chosen), *self.of(chosen))
        self.beside_teams |= set(leaks(self.inside, TEAM)) - set(known)


# --- The search ------------------------------------------------------------------------------------------


def search(cohorts: int, seed: int, guarded: bool) -> dict[str, int]:
    """Leaks found, by reader and kind of number."""
    tally: dict[str, int] = defaultdict(int)
    for number in range(-(-cohorts // COHORTS)):
        service = Service(Random(seed * 10_007 + number), guarded)
        service.run()
        tally["numbers told"] += sum(len(sets) for sets in service.inside.published.values())
        for reader, book, threshold in (("team", service.teams, TEAM), ("outside", service.out, SHARED)):
            for family in leaks(book, threshold):
                tally[f"{reader}: {family[0]}"] += 1
        for family in service.beside_teams:
            tally[f"beside teams: {family[0]}"] += 1
    return dict(tally)


def main() -> None:
    settings.configure(SECRET_KEY="invented")
    cohorts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    for words, guarded in (("as we do it", True), ("with what guards differences switched off", False)):
        print(f"{cohorts} cohorts, {words}:", search(cohorts, seed, guarded))


if __name__ == "__main__":
    main()
