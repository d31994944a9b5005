"""What a report really says, read back out of what was drawn: the page, the PDF, the workbook and the archive.

Each becomes one flat mapping, from what a number is about (`("pairs", "Their own goal")`) to the number, alike for
every medium. Nothing is taken from the figures they were made of. A page that says a number in a way that is not known
here is refused (`NotUnderstood`), so whoever goes through what was read has seen all there is.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Key = tuple[str, ...]
Numbers = dict[Key, float]

SKIPPED = ("script", "style", "head", "nav", "header", "footer")
BLOCKS = ("p", "li", "h1", "h2", "h3", "h4", "caption", "dt", "dd", "div", "section", "ul", "dl", "blockquote", "tr")
PARTS = ("glance", "reach", "delivered", "feedback", "change", "written", "quotes", "recommended", "groups", "method")
DIGIT = re.compile(r"\d")
PERCENT = re.compile(r"\(\d+%\)")  # of two numbers that are told as well


class NotUnderstood(Exception):
    """A number on a page that nothing here knows how to read."""


@dataclass
class Block:
    """A piece of text under its part of the report and its heading; a chart with its description; a row of a table."""

    part: str
    heading: str
    tag: str
    text: str
    cells: list[str] = field(default_factory=list)
    drawn: list[str] = field(default_factory=list)  # the words in a chart
    columns: list[str] = field(default_factory=list)  # of the row's table, less the first


class Blocks(HTMLParser):
    """The blocks of a report's parts, in order; what stands around them is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.heading, self.inside = "", ""
        self.skipped = 0
        self.now: Block | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        self.skipped += tag in SKIPPED
        if tag == "section":
            self.parts.append(next((name for name in PARTS if name in classes), self.parts[-1] if self.parts else ""))
        if tag == "svg":
            self.begin(tag)
        elif self.now and self.now.tag == "svg":
            self.inside = tag
            if tag == "text":
                self.now.drawn.append("")
        elif tag in ("td", "th") and self.now and self.now.tag == "tr":
            self.now.cells.append("")
        elif tag in BLOCKS:
            self.begin(tag)

    def begin(self, tag: str) -> None:
        self.now = Block(self.parts[-1] if self.parts else "", self.heading, tag, "")
        self.blocks.append(self.now)

    def handle_endtag(self, tag: str) -> None:
        self.skipped -= tag in SKIPPED
        if tag == "section":
            self.parts.pop()
            self.heading = ""
        if self.now and tag in ("h2", "h3", "h4"):
            self.heading = flat(self.now.text)
        if tag == "svg" or (tag in BLOCKS and self.now and self.now.tag != "svg"):
            self.now = None
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.skipped or not self.now:
            return
        if self.now.tag == "svg":
            if self.inside == "title":
                self.now.heading = data
            elif self.inside == "desc":
                self.now.text += data
            elif self.inside == "text":
                self.now.drawn[-1] += data
        elif self.now.cells:
            self.now.cells[-1] += data
        else:
            self.now.text += data


def flat(text: str) -> str:
    """Without what a typesetter adds."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("−", "-")).strip()


def number(text: str) -> float:
    return float(text.replace(",", "").replace("+", ""))


# --- Pages -----------------------------------------------------------------------------------------------

N, SIGNED = r"([\d,]+(?:\.\d+)?)", r"([-+]?[\d.]+)"
OF = rf"{N} of {N}(?: \(\d+%\))?"

# What a block says, for each part of the report: a pattern, and the keys of its numbers; "" is read and left aside,
# and {} in a key is the heading that the block stands under. What matches a pattern without keys holds no number.
SENTENCES: dict[str, list[tuple[str, list[str]]]] = {
    "glance": [
        (rf"{N} groups?", ["groups"]),
        (rf"Ended so far: {N} of {N} groups\. Of the {N} people who started in them, {N} completed\.", [""]),
        (rf"{N} invited", ["reach offered"]),
        (rf"{N} started", ["reach started"]),
        (rf"{N} completed", ["reach completed"]),
        (rf"{N} of {N} sessions held", ["held", "planned"]),
        (r"“Most” is more than half of those who.*", []),
        (r".*What (\d+) groups together show.*", [""]),
    ],
    "reach": [
        (r"Started: came to at least one session\. Completed: .*", []),
        (rf"The {N} person who started came to {N} sessions\.(.*)", ["dose people", "dose median", "bands"]),
        (
            rf"The {N} people who started came to a median of {N} sessions each\.(.*)",
            ["dose people", "dose median", "bands"],
        ),
    ],
    "delivered": [
        (
            rf"{N} of {N} planned sessions were held(?:, with {N} planned minutes in all)?\.",
            ["held", "planned", "minutes held"],
        ),
        (rf"{N} minutes were taken; {N} were planned", ["took", "plan"]),
        (rf"{OF} parts of the plan were done as planned", ["items done", "items planned"]),
        (rf"{N} were shortened, {N} took longer", ["items shortened", "items extended"]),
        (rf"{N} were left out, {N} were added", ["items left_out", "items added"]),
        (
            rf"The reason was written down for {OF} changes; the group had asked for {N} of the changes",
            ["reasons", "changed", "by group"],
        ),
        (rf"Rests on {N} sessions? that (?:was|were) timed, of {N} held\.", ["run", "held"]),
        (rf"The group made {N} suggestions?; {N} got an answer\.", ["suggestions made", "suggestions answered"]),
        (rf"([A-Z][^:]*): {N}", ["method"]),
    ],
    "feedback": [
        (rf"{N} forms were answered \((.*?)\) of the {N} that could have been.*", ["sheets", "ways sheet", "asked"]),
        (rf"{N} forms were answered \((.*?)\)\..*", ["sheets", "ways sheet"]),
        (rf"Answered on {N} of {N} forms\.", ["question {}", "sheets"]),
        (r"Fewer than (\d+) answered this after any one session.*", [""]),
        (r"Held back: fewer than (\d+) people or forms stand behind it.*", [""]),
    ],
    "change": [
        (r"People answered the same questions before .*They were fewer than (\d+): .*", [""]),
        (r"People answered the same questions before .*? Answers came: (.*)\.", ["ways measure"]),
        (r"Held back(?: in every area)?: fewer than (\d+) people answered both times.*", [""]),
        (
            rf"Median before {SIGNED}, after {SIGNED}, on a scale from {N} to {N}\. Median change {SIGNED}"
            rf"(?:, from {SIGNED} to {SIGNED})?\.(?: Mean change {SIGNED} \(95% interval {SIGNED} to {SIGNED}\)\.)?",
            [
                *("median_before {}", "median_after {}", "lowest {}", "highest {}", "median_change {}"),
                *("lowest_change {}", "highest_change {}", "mean_change {}", "mean_low {}", "mean_high {}"),
            ],
        ),
        (
            rf"Rests on {OF} people who took part\. Missing: {N} answered only before, {N} only after, {N} neither or "
            r"not used\.(.*)",
            ["pairs {}", "of {}", "before_only {}", "after_only {}", "neither {}", "start {}"],
        ),
        (
            rf"Rests on {OF} people who took part and answered both times\.(.*)",
            ["pairs {}", "of {}", "start {}"],
        ),
        (
            rf"Three months later {N} people who had answered before answered again: median change since then "
            rf"{SIGNED}\.(?: Better for {N}(?:, the same for {N}, worse for {N})?\.)?",
            ["later_pairs {}", "later_change {}", "later_better {}", "later_same {}", "later_worse {}"],
        ),
        (r"Three months later fewer than (\d+) people answered again: too few to say\.", [""]),
        (rf"One group is too small .* together, {N} people who started\.", ["reach started"]),
    ],
    "method": [
        (
            rf"One group: {N} people were referred, {N} invited, {N} started and {N} completed\. "
            rf"{N} sessions were held\.",
            ["reach referred", "reach offered", "reach started", "reach completed", "held"],
        ),
        (rf"{N} of {N} feedback forms without a name\.", ["sheets", "asked"]),
        (rf"{N} feedback forms without a name\.", ["sheets"]),
        (r"Answers to the same questions before and after, .*", []),
        (rf"For the numbers taken together: {N} groups of the same service\.", [""]),
        (r"Figures that rest on fewer than (\d+) people are held back.*", [""]),
        (r"(?:Change: from a short list|Better and worse mean|A mean with its 95%|A median is the middle).*", []),
    ],
}
BETTER = re.compile(rf"(.*): better for {OF} who answered both times; median change {SIGNED}")
START = re.compile(
    rf"At the start, those who went on to complete had a median of {N} \({N} people\), the others {N} \({N} people\)\."
)
TOGETHER = re.compile(r"This group together with others: (\d+) groups")
WAYS = {"online": "online", "on paper": "paper", "spoken": "spoken", "on the phone": "spoken"}


def page(html: str) -> Numbers:
    """Everything the report's parts on a page say. Numbers of several groups together begin with "pooled"."""
    reader = Blocks()
    reader.feed(html)
    numbers: Numbers = {}
    pooled = False
    columns: list[str] = []
    for block in reader.blocks:
        text = flat(block.text)
        if block.tag == "h3" and (together := TOGETHER.fullmatch(text)):
            pooled = True
            numbers["pooled", "groups"] = int(together[1])
            continue
        if block.part == "method":
            pooled = False
        if block.cells and flat(block.cells[0]) == "Source":
            columns = [REACH[flat(cell)] for cell in block.cells[1:]]
            continue
        block.columns = columns
        for key, value in _block(block, text):
            _keep(numbers, ("pooled", *key) if pooled else key, value)
    return numbers


def _keep(numbers: Numbers, key: Key, value: float) -> None:
    """The same number said twice is said alike."""
    if numbers.setdefault(key, value) != value:
        raise NotUnderstood(f"{key} is {numbers[key]} and {value} on one page.")


def _block(block: Block, text: str) -> Iterator[tuple[Key, float]]:
    if block.part in ("written", "quotes", "recommended", "groups", ""):  # words, and what may always be told
        return
    if block.tag == "svg":
        yield from _chart(block, text)
    elif block.cells:
        yield from _row(block)
    elif block.tag in ("h2", "h3", "h4", "caption"):
        return
    elif DIGIT.search(text):
        yield from _sentence(block, text)


def _sentence(block: Block, text: str) -> Iterator[tuple[Key, float]]:
    if block.part == "glance":
        if told := BETTER.fullmatch(text):
            yield ("better", told[1]), number(told[2])
            yield ("pairs", told[1]), number(told[3])
            yield ("median_change", told[1]), number(told[4])
            return
        if told := re.fullmatch(rf"(.*): median change {SIGNED}", text):
            yield ("median_change", told[1]), number(told[2])
            return
    for pattern, keys in SENTENCES.get(block.part, []):
        if told := re.fullmatch(pattern, text):
            for words, value in zip(keys, told.groups(), strict=False):
                if words and value is not None:
                    yield from _told(words, value, block.heading, told)
            return
    raise NotUnderstood(f"In “{block.part}”: {text}")


def _told(words: str, value: str, heading: str, match: re.Match[str]) -> Iterator[tuple[Key, float]]:
    kind, _space, rest = words.partition(" ")
    if words == "bands":
        for people, low, high in re.findall(r"(\d+) came to (\d+)(?: to (\d+))?", value):
            yield ("times", low, high or low), number(people)
    elif kind == "ways":
        for part in value.split(", "):
            if counted := re.fullmatch(rf"{N} (.*)", part):
                yield ("way", rest, WAYS[counted[2]]), number(counted[1])
    elif words == "method":
        if value != match[1]:
            yield ("method", match[1]), number(value)
    elif kind == "start":
        if start := START.search(value):
            names = ("completed_median", "completed", "others_median", "others")
            for name, one in zip(names, start.groups(), strict=True):
                yield ("start", name, heading), number(one)
    else:
        yield tuple(heading if part == "{}" else part for part in words.split(" ")), number(value)


def _chart(block: Block, text: str) -> Iterator[tuple[Key, float]]:
    """By its description; and nothing more may stand in the chart than there and on its axis."""
    title = flat(block.heading)
    told = {found.rstrip(".") for found in re.findall(r"[-+]?[\d.,]+", text)}
    axis = title.endswith("each person’s score before and after")
    for words in () if axis else block.drawn:
        if strange := {one.rstrip(".") for one in re.findall(r"[-+]?[\d.,]+", PERCENT.sub("", flat(words)))} - told:
            raise NotUnderstood(f"In the chart “{title}”: {strange}")
    if axis:
        yield ("lines", title.rpartition(":")[0]), 1  # how many cannot be seen: some lie on one another
        return
    for part in text.split("; "):
        label, _colon, value = part.rpartition(": ")
        if title == "From referral to completing the programme":
            yield ("reach", REACH[label.partition(":")[0]]), number(value)
        elif title == "How many were invited, started and completed":
            yield ("reach", REACH[label]), number(value)
        elif title == "People at each session":
            if counted := re.fullmatch(OF, value):
                yield ("session", label.partition(".")[0], "present"), number(counted[1])
                yield ("session", label.partition(".")[0], "expected"), number(counted[2])
        elif title == "Minutes taken and planned at each session":
            session = part.partition(".")[0]
            minutes = re.search(rf": {N} min, planned {N}$", part)
            if not minutes:
                raise NotUnderstood(f"In the chart “{title}”: {part}")
            yield ("session", session, "clock_took"), number(minutes[1])
            yield ("session", session, "clock_planned"), number(minutes[2])
        elif title.endswith(": better, the same or worse"):
            yield from _balance(title.rpartition(":")[0], text)
            return
        elif block.part == "feedback":
            yield ("option", title, label), number(value.partition(" of ")[0])
        else:
            raise NotUnderstood(f"A chart called “{title}”")


REACH = {"Referred": "referred", "Invited": "offered", "Started": "started", "Completed": "completed"}


def _balance(domain: str, text: str) -> Iterator[tuple[Key, float]]:
    for value, word in re.findall(rf"{N} (better|the same|worse)\b", text):
        yield (word.removeprefix("the "), domain), number(value)


def _row(block: Block) -> Iterator[tuple[Key, float]]:
    """A row of the only table there is among the figures: by source."""
    source, *cells = (flat(cell) for cell in block.cells)
    if block.part != "reach":
        raise NotUnderstood(f"A table in “{block.part}”: {cells}")
    for column, value in zip(block.columns, cells, strict=True):
        yield ("source", source, column), number(value)


# --- PDFs ------------------------------------------------------------------------------------------------


def same_in_print(pdf: bytes, html: str) -> None:
    """Whether each number in the PDF stands on the page too, or is that of a page of paper; and the page's sentences of
    figures and the words of its charts stand in it, one for one. Raises `NotUnderstood` where not."""
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(pdf)).pages
    printed = "".join(one.extract_text() for one in pages)
    reader = Blocks()
    reader.feed(html)
    known: set[str] = {str(n) for n in range(1, len(pages) + 1)}
    for block in reader.blocks:
        for words in (block.text, block.heading, *block.cells, *block.drawn):
            known |= set(re.findall(r"\d+", words))
    if strange := set(re.findall(r"\d+", printed)) - known:
        raise NotUnderstood(f"The PDF says {strange}, the page does not.")
    bare = _bare(printed)
    for block in reader.blocks:
        said = _bare("".join(block.drawn) if block.tag == "svg" else block.text)
        if block.part in SENTENCES and block.tag in ("p", "li", "svg") and DIGIT.search(said) and said not in bare:
            raise NotUnderstood(f"The page says what the PDF does not: {flat(block.text)}")


def _bare(text: str) -> str:
    return re.sub(r"[\s\u00ad-]+", "", text.replace("−", "-"))


# --- Files -----------------------------------------------------------------------------------------------

Rows = dict[str, list[dict[str, object]]]


def workbook(content: bytes) -> Numbers:
    from openpyxl import load_workbook

    sheets: Rows = {}
    for sheet in load_workbook(io.BytesIO(content)):
        header, *rows = sheet.values
        sheets[sheet.title] = [dict(zip(map(str, header), row, strict=True)) for row in rows]
    return tables(sheets)


def archive(content: bytes) -> Numbers:
    files = zipfile.ZipFile(io.BytesIO(content))
    return tables(
        {
            name.removesuffix(".csv"): [
                dict(row) for row in csv.DictReader(io.StringIO(files.read(name).decode("utf-8-sig"), newline=""))
            ]
            for name in files.namelist()
        }
    )


OVERVIEW = {
    "groups": "groups",
    "referred": "reach referred",
    "offered": "reach offered",
    "started": "reach started",
    "completed": "reach completed",
    "planned minutes of sessions held": "minutes held",
    "sessions attended, median": "dose median",
    "sessions run by the clock": "run",
    "minutes they were planned for": "plan",
    "minutes they took": "took",
    "items done": "items done",
    "items shortened": "items shortened",
    "items extended": "items extended",
    "items left out": "items left_out",
    "items added": "items added",
    "changes with a reason": "reasons",
    "changes the group asked for": "by group",
    "suggestions answered": "suggestions answered",
}
CHANGE = ["pairs", "of", "before_only", "after_only", "neither", "median_before", "median_after", "median_change"]
CHANGE += ["lowest", "highest", "lowest_change", "highest_change", "better", "same", "worse"]
CHANGE += ["mean_change", "mean_low", "mean_high"]
CHANGE += ["later_pairs", "later_change", "later_better", "later_same", "later_worse"]


def tables(sheets: Rows) -> Numbers:
    """The cells of every table but "about", the list of groups and the codebook: nothing in these is held back."""
    numbers: Numbers = {}
    for key, value in _cells(sheets):
        if value not in (None, ""):
            _keep(numbers, key, float(str(value)))
    return numbers


def _cells(sheets: Rows) -> Iterator[tuple[Key, object]]:
    for row in sheets["overview"]:
        name = str(row["figure"])
        if name in OVERVIEW:
            yield tuple(OVERVIEW[name].split(" ")), row["value"]
        elif name == "sessions held":
            yield from ((("held",), row["value"]), (("planned",), row["of"]))
        elif name == "feedback sheets":
            yield from ((("sheets",), row["value"]), (("asked",), row["of"]))
        if name == "suggestions answered":
            yield ("suggestions", "made"), row["of"]
        if name == "sessions attended, median":
            yield ("dose", "people"), row["of"]
    for row in sheets["reach_by_source"]:
        for column in REACH.values():
            yield ("source", str(row["source"]), column), row[column]
    for row in sheets["attendance"]:
        yield ("times", str(row["from_sessions"]), str(row["to_sessions"])), row["people"]
    for row in sheets["sessions"]:
        for column in ("present", "expected", "clock_planned", "clock_took"):
            yield ("session", str(row["number"]), column), row[column]
    for row in sheets["feedback"]:
        yield ("question", str(row["question"])), row["answers"]
        yield ("option", str(row["question"]), str(row["option"])), row["count"]
    for row in sheets["ways"]:
        yield ("way", {"feedback": "sheet"}.get(str(row["of"]), str(row["of"])), str(row["way"])), row["answers"]
    for row in sheets["change"]:
        for column in CHANGE:
            yield (column, str(row["domain"])), row[column]
    lines: dict[str, int] = {}
    for row in sheets["pairs"]:
        lines[str(row["domain"])] = lines.get(str(row["domain"]), 0) + 1
    yield from ((("lines", domain), n) for domain, n in lines.items())
    for row in sheets["at_start"]:
        for column in ("completed", "completed_median", "others", "others_median"):
            yield ("start", column, str(row["domain"])), row[column]
    for row in sheets["methods"]:
        yield ("method", str(row["method"])), row["entries"]


class Disagrees(Exception):
    """Two that should say the same and do not, or a number that is not that of the people it should rest on."""


def alike(first: Numbers, *others: Numbers) -> None:
    for other in others:
        if said := _differ(first, other):
            raise Disagrees(f"Two that should say the same: {said[:5]}")


# What only a page counts up, or only the files hold; and the lines, which a chart draws on one another.
NOT_ON_BOTH = (
    "changed",
    "items",
    "groups",
    "lines",
    "by",
    "reasons",
    "run",
    "dose",
    "minutes",
    "held",
    "planned",
    "took",
    "plan",
)


def fits(less: Numbers, more: Numbers) -> None:
    """Whether one says nothing else than the other, and nothing more."""
    strange = [key for key in less if key not in more and key[0] not in NOT_ON_BOTH]
    if said := strange or _differ(less, {key: more[key] for key in less if key in more}, NOT_ON_BOTH):
        raise Disagrees(f"One says what the other does not: {said[:5]}")


def _differ(first: Numbers, second: Numbers, less: Sequence[str] = ()) -> list[str]:
    """What two do not say alike, as sentences. less: kinds that one of them leaves out."""
    keys = [key for key in sorted(first.keys() | second.keys()) if key[0] not in less]
    return [
        f"{key}: {first.get(key)} and {second.get(key)}" for key in keys if not _same(first.get(key), second.get(key))
    ]


def _same(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return first == second or (not (first.is_integer() and second.is_integer()) and abs(first - second) <= ROUNDED)


ROUNDED = 0.0501  # a page tells scores with one decimal
