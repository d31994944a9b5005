"""An invented cohort's rows, for charts and reports: eight people, six sessions, two who left."""

from datetime import date

from evaluation.disclosure.suppression import TEAM, hold_back
from evaluation.figures.calculation import figures
from evaluation.figures.rows import DomainSpec, PersonRow, QuestionSpec, Scores, SessionRow, SheetRow
from evaluation.figures.shapes import Figures
from evaluation.reports.pages import Cover

TITLES = [
    "Welcome, and what is county lines?",
    "Stages of recruitment and signs to look for",
    "Talking with your child, and being heard",
    "Who can help: services answer your questions",
    "Keeping your family and your home safe",
    "Looking back, and what comes next",
]
DOMAINS = [
    DomainSpec("wellbeing", "Emotional support and wellbeing", 0, 4),
    DomainSpec("knowledge", "Education about child criminal exploitation", 0, 4),
    DomainSpec("practical", "Practical help", 0, 4),
    DomainSpec("goal", "My own goal", 0, 10),
]
HOW_MUCH = ("Not at all", "A little", "Quite a lot", "Very much")
QUESTIONS = [
    QuestionSpec("welcome", "Did you feel welcome today?", HOW_MUCH),
    QuestionSpec("useful", "Was what we talked about useful to you?", HOW_MUCH),
    QuestionSpec("heard", "Did you feel heard?", HOW_MUCH),
    QuestionSpec("pace", "How was the pace?", ("Too slow", "About right", "Too fast"), ordered=False),
]
TEXT = {
    "in_short": "Eight parents and carers were offered a place and six stayed to the end. They said that being "
    "believed mattered most. Most felt less alone and knew better whom to call.",
    "learned": "People came tired and worried, and most had been turned away somewhere before. What they valued was "
    "not to be judged.\n\nBy the third week they rang each other between sessions:\n- to ask what a sign might mean\n"
    "- to say that a night had gone well\n- to go to a meeting together\n\n"
    + "They asked for more time with the police and for plain words about what happens after a report is made. "
    * 6,
    "professionals": "Ring before writing. Ask when it is safe to call. Say what will happen with what you are told, "
    "and then do that.\n\n"
    + "Parents notice small things early and need one person who takes note of them without asking for proof. "
    * 8,
    "changed": "The group asked for a longer break and for the film to be shown in two parts. "
    "Both were done in week three.",
    "recommendations": "- Keep one named worker for each family until three months after the group\n"
    "- Hold the session on home safety earlier, in week three\n- Pay for travel and childcare without a form",
}
COVER = Cover(
    service="Common Ground",
    organisation="Example Council",
    programme="Peer Parent Group",
    cohort="Ipswich spring",
    area="Ipswich",
    first_on=date(2026, 3, 3),
    last_on=date(2026, 4, 14),
    number=1,
    published_on=date(2026, 5, 6),
)


def people() -> list[PersonRow]:
    every = frozenset(range(1, 7))
    attended = [every, every, every - {4}, every - {2}, every - {3, 6}, every - {5}, frozenset({1, 2}), frozenset({1})]
    before = [(1.0, 0.7, 1.3, 2), (2.0, 1.0, 1.7, 3), (1.3, 2.3, 0.7, 1), (0.7, 1.3, 2.0, 4), (2.3, 2.0, 1.0, 3)]
    before += [(1.7, 1.7, 1.7, 5), (1.0, 1.0, 1.3, 2), (2.7, 2.3, 2.0, 4)]
    after = [(2.3, 3.0, 2.7, 6), (2.7, 3.3, 2.0, 5), (1.3, 3.0, 2.3, 6), (2.0, 2.7, 2.0, 7), (2.0, 3.0, 2.7, 3)]
    after += [(2.7, 2.3, 3.0, 8)]
    keys = [domain.key for domain in DOMAINS]

    def scores(row: tuple[float, ...], way: str) -> Scores:
        return Scores(dict(zip(keys, row, strict=True)), way)

    return [
        PersonRow(
            source="hub" if k % 2 else "caseload",
            offered=True,
            attended=attended[k],
            expected=every if k < 6 else frozenset({1, 2, 3}),
            before=scores(before[k], "online" if k % 3 else "paper"),
            after=scores(after[k], "online") if k < len(after) else None,
        )
        for k in range(8)
    ] + [PersonRow(source="community"), PersonRow(source="hub")]


def sessions() -> list[SessionRow]:
    return [SessionRow(n, title, 90, held=True) for n, title in enumerate(TITLES, start=1)]


def sheets() -> list[SheetRow]:
    return [
        SheetRow(
            {"welcome": 3 - k % 2, "useful": 3 - k % 3, "heard": 3 if k % 5 else 1, "pace": 1 if k % 4 else 2},
            way="paper" if k % 4 == 0 else "online",
        )
        for k in range(30)
    ]


def whole(**kwargs: object) -> Figures:
    given = {"people": people(), "sessions": sessions(), "sheets": sheets(), "asked": 38}
    return figures(**{"domains": DOMAINS, "questions": QUESTIONS} | given | kwargs)


def team() -> Figures:
    return hold_back(whole(), TEAM)
