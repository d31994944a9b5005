"""One sheet of a list: which row holds the headings, who stands below, and what of it must not come in.

Lists begin with a title, with two rows of headings, or with a form's small print, so the row that knows most headings
is taken, and staff may choose another one. Whatever the first rows say of a child keeps the column out
(`caregivers.importing.children`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from caregivers.importing.children import SCHOOLING, Whose, says_a_caregiver, whose
from caregivers.importing.columns import MOST_HEADING, NAMES, PERSONAL, guess, meaning, of_group, plain, vocabulary

Line = tuple[int, list[str]]  # the number that a spreadsheet shows beside it, and its cells

FIRST = 15  # rows with anything in them, among which the headings are looked for
MOST_GROUPS = 2  # rows of headings above the headings
VALUE = re.compile(r"[^\s@]+@[^\s@]+\.\w+|[\d\s()+./:-]{6,}")  # an e-mail address, a number or a date: no heading
NAMES_SOMEBODY = re.compile(r"\b(name|names|forename|surname)\b")
NAMES_SOMETHING = re.compile(r"\b(names?|dob|birth|birthday|age|address|gender|details|initials|surname|forename)\b")


@dataclass(frozen=True)
class Sheet:
    """Rows of one width, without those that are empty or hidden. Cells about a child are empty."""

    name: str  # of the sheet; a CSV has none
    lines: list[Line]
    heading: int  # the number of the row of headings; 0 if the list has none
    first_heading: int  # the row that seemed to hold them; staff may have chosen another one
    children: list[int]  # columns about a child, which nobody can bring in
    doubtful: list[int]  # columns that may be about a child: left out until staff say whose they are
    title: str = ""  # what stands above the list, where that speaks of a child: then every column is doubtful
    hidden_rows: int = 0
    hidden_columns: int = 0

    @cached_property
    def headings(self) -> list[str]:
        """Of what is about children or may be, those that were found at first: another row may hold a name."""
        chosen, found = (headings_of(self.lines, number) for number in (self.heading, self.first_heading))
        closed = {*self.children, *self.left_out}
        return [found[column] if column in closed else heading for column, heading in enumerate(chosen)]

    @cached_property
    def labels(self) -> list[str]:
        """The headings with what stands above them: “Child: Name”."""
        above = groups_of(self.lines, self.first_heading).straight_above(self.width)
        if self.heading != self.first_heading:
            return self.headings
        own = next((cells for number, cells in self.lines if number == self.heading), [""] * self.width)
        return [f"{over}: {cell}" if over and cell else cell or over for over, cell in zip(above, own, strict=True)]

    @cached_property
    def rows(self) -> list[Line]:
        """Of the people, with the numbers that a spreadsheet shows beside them."""
        return [line for line in self.lines if line[0] > self.heading]

    @property
    def width(self) -> int:
        return len(self.lines[0][1]) if self.lines else 0

    @property
    def left_out(self) -> list[int]:
        """What does not come in, and of which nothing is shown, before staff have said whose it is."""
        kept = range(self.width) if self.title else self.doubtful
        return [column for column in kept if column not in self.children]

    def guess(self) -> dict[str, int]:
        """By the headings, which columns hold what."""
        without = [*self.children, *self.doubtful]
        return guess(self.headings, without, groups_of(self.lines, self.heading).next_to(self.width))

    @property
    def shown(self) -> list[Line]:
        """Of each row what may be shown: what is left out shows its heading alone."""
        closed = {*self.left_out, *self.children}
        return [
            (number, [cell for at, cell in enumerate(cells) if number == self.first_heading or at not in closed])
            for number, cells in self.lines
        ]

    def choices(self) -> list[Line]:
        """The first rows, for staff to say which holds the headings."""
        return [(number, list(filter(None, cells))) for number, cells in self.shown[:FIRST]]

    def with_headings_in(self, number: int) -> Sheet:
        """The same with another row of headings. What was found about children stays out."""
        if number and number not in (line[0] for line in self.lines[:FIRST]):
            return self
        findings = looked_over(self.lines, number)
        doubtful = sorted({*self.doubtful, *findings.children, *findings.doubtful} - set(self.children))
        return replace(self, heading=number, doubtful=doubtful, title=self.title or findings.title)


def sheet_of(name: str, lines: Sequence[Line], hidden_rows: int = 0, hidden_columns: int = 0) -> Sheet:
    """With the headings in the row that knows most of them, and without what is about a child."""
    width = max((len(cells) for _number, cells in lines), default=0)
    wide = [(number, [*cells, *[""] * (width - len(cells))]) for number, cells in lines]
    heading = best_heading(wide)
    findings = looked_over(wide, heading)
    kept = [(number, _without(cells, findings.children) if number > heading else cells) for number, cells in wide]
    title = findings.title or (name if whose(plain(name)) is Whose.CHILDS else "")
    return Sheet(name, kept, heading, heading, findings.children, findings.doubtful, title, hidden_rows, hidden_columns)


def _without(cells: list[str], columns: Sequence[int]) -> list[str]:
    return ["" if column in columns else cell for column, cell in enumerate(cells)]


# --- The row of headings -------------------------------------------------------------------------------


def best_heading(lines: Sequence[Line]) -> int:
    """The number of the row that knows most headings; where none knows any, of the first that is no title."""
    first = lines[:FIRST]
    known = [headings_known(lines, number) for number, _cells in first]
    if known and max(known) > 0:
        return first[known.index(max(known))][0]
    wide = [number for number, cells in first if len(list(filter(None, cells))) > 1]
    return wide[0] if wide else first[0][0] if first else 0


def headings_known(lines: Sequence[Line], number: int) -> int:
    """How many headings there would be if they stood in this row, less what can be none."""
    own = next(cells for at, cells in lines if at == number)
    filled = [cell for cell in own if cell]
    known = {name for cell in filled if (name := meaning(cell))}
    if len(known) > 1:  # then what has its heading in the row above counts too
        known |= {name for cell in headings_of(lines, number) if cell and (name := meaning(cell))}
    about = sum(is_heading_about_a_child(cell) for cell in filled) if len(filled) > 1 else 0
    return len(known) + about - sum(bool(VALUE.fullmatch(cell)) for cell in filled)


def is_heading_about_a_child(cell: str) -> bool:
    """“Child’s name”, and neither “Julie Child” nor “Children’s services”."""
    words = plain(cell) if len(cell) <= MOST_HEADING else ""
    if whose(words) is Whose.CAREGIVERS or not NAMES_SOMETHING.search(words):
        return False
    return all(word in vocabulary() or word.isdigit() or word in ("young", "s") for word in words.split())


def headings_of(lines: Sequence[Line], number: int) -> list[str]:
    """The row's own, and where it has none that of the rows right above it."""
    width = len(lines[0][1]) if lines else 0
    own = next((cells for at, cells in lines if at == number), [""] * width)
    above = groups_of(lines, number).straight_above(width)
    return [cell or over for cell, over in zip(own, above, strict=True)]


@dataclass(frozen=True)
class Groups:
    """What stands above the headings: rows right over them (“Person”, “Contact”), and titles."""

    rows: list[list[str]]
    titles: list[str]

    def straight_above(self, width: int) -> list[str]:
        return [_joined(row[column] for row in self.rows) for column in range(width)]

    def next_to(self, width: int) -> list[str]:
        """Also what stands further left with nothing in between: it spans several columns."""
        spread = [list(_spread(row)) for row in self.rows]
        return [_joined(row[column] for row in spread) for column in range(width)]


def _joined(cells: Iterator[str]) -> str:
    return " ".join(filter(None, cells))


def _spread(row: Sequence[str]) -> Iterator[str]:
    last = ""
    for cell in row:
        last = cell or last
        yield last


def groups_of(lines: Sequence[Line], number: int) -> Groups:
    above = [line for line in lines[: FIRST + 1] if line[0] < number]
    rows: list[list[str]] = []
    while above and len(rows) < MOST_GROUPS and above[-1][0] == number - len(rows) - 1 and not is_title(above[-1][1]):
        rows.insert(0, above.pop()[1])
    return Groups(rows, [cell for _number, cells in above for cell in cells if cell])


def is_title(cells: Sequence[str]) -> bool:
    """Alone in the first column."""
    return bool(cells[0]) and not any(cells[1:])


# --- What is about a child -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Findings:
    children: list[int]
    doubtful: list[int]
    title: str


def looked_over(lines: Sequence[Line], heading: int) -> Findings:
    """What the first rows say of children, if the headings stand in this one."""
    width = len(lines[0][1]) if lines else 0
    headings, groups = headings_of(lines, heading), groups_of(lines, heading)
    own = [whose(plain(of_group(headings, groups.straight_above(width), column))) for column in range(width)]
    said = [plain(of_group(headings, groups.next_to(width), column)) for column in range(width)]
    wide = [whose(words) for words in said]
    children = [column for column in range(width) if own[column] is Whose.CHILDS]
    doubtful = {column for column in range(width) if Whose.CAREGIVERS not in (own[column], wide[column])}
    doubtful |= {column for column in range(width) if wide[column] is Whose.CHILDS}
    doubtful |= bare_beside_a_parents(headings, said) | bare_beside_schooling(headings, said)
    doubtful |= said_of_a_child_below(lines, heading)
    doubtful |= {
        column
        for number, cells in lines[:FIRST]
        if number != heading
        for column, cell in enumerate(cells)
        if is_heading_about_a_child(cell)
    }
    title = next((text for text in groups.titles if whose(plain(text)) is Whose.CHILDS), "")
    return Findings(children, sorted(doubtful - set(children)), title)


def bare_beside_a_parents(headings: Sequence[str], said: Sequence[str]) -> set[int]:
    """In “Name, Parent’s name” the first may be the child’s, and so may “Phone” beside “Parent’s phone”."""
    means = {
        column: meaning(heading)
        for column, heading in enumerate(headings)
        if meaning(heading) in PERSONAL and whose(said[column]) is not Whose.CHILDS
    }
    grown = {column for column in means if says_a_caregiver(said[column])}
    doubtful = set()
    for column, field in means.items():
        alike = NAMES if field in NAMES else (field,)
        if column not in grown and any(means[other] in alike for other in grown):
            doubtful.add(column)
    return doubtful


def bare_beside_schooling(headings: Sequence[str], said: Sequence[str]) -> set[int]:
    """In “Name, School, Phone” the name may be the child’s, where no other column has that."""
    if not any(SCHOOLING.search(words) for words in said) or any(
        whose(words) is Whose.CHILDS and NAMES_SOMEBODY.search(words) for words in said
    ):
        return set()
    means = {column: meaning(heading) for column, heading in enumerate(headings)}
    return {column for column, field in means.items() if field in NAMES and not says_a_caregiver(said[column])}


def said_of_a_child_below(lines: Sequence[Line], heading: int) -> set[int]:
    """“(child)” and “(parent)” in a second row of headings, below “Name” and “Name”: a row of people has values too."""
    below = next((cells for number, cells in lines if number == heading + 1), [])
    said = [plain(cell) for cell in below]
    if any(word not in vocabulary() for words in said for word in words.split()):
        return set()
    return {column for column, words in enumerate(said) if whose(words) is not Whose.CAREGIVERS}
