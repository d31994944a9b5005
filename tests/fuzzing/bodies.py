"""Odd bodies: what a form would send, with one to three things about it made odd."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from tests.fuzzing.pages import SentForm, valid

LONG = 100_000
MANY = 2_100  # more fields than are read
DIRECTIONS = "\u202e\u2066\u200b\ufeff"
TEXTS: list[str | bytes] = [
    "",
    " \t\r\n ",
    "\0",
    "Ro\0sa",
    "a" * 300,
    "word " * 1_000,
    "é" * LONG,
    "\u202eevil\u2069",
    DIRECTIONS,
    "\x1b[31m\x07\x85\u2028",
    "👩‍👩‍👧‍👦" * 50,
    "e" + "\u0301" * 500,
    "<script>odd()</script>",
    "\"'><script>odd()</script>",
    "{{ 7 }}{% now %}%(x)s %s {0} {x.__class__}",
    "' OR 1=1 --",
    "%_\\",
    "=1+1",
    "../../etc/passwd",
    "\r\nBcc: somebody@example.org\r\n\r\n",
    b"\xff\xfe\xfa",
    b"\xed\xa0\x80",
    b"\xc3",
    b"\xf4\x90\x80\x80",
]
NUMBERS: list[str | bytes] = [
    "-1",
    "0",
    "1.5",
    "1e309",
    "NaN",
    "-Infinity",
    "1_000",
    "0x10",
    "+5",
    "²",
    "٣",
    "１２",
    "2147483647",
    "2147483648",
    "9223372036854775808",
    "-9223372036854775809",
    "9" * 30,
    "9" * 5_000,
]
DAYS: list[str | bytes] = [
    "2026-02-30",
    "0000-00-00",
    "0001-01-01",
    "1000-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-W07",
    "2026-11-30T25:00",
    "24:00",
    "99:99",
    "12:60pm",
    "31",
    "13",
    "9999",
    "0001",
    "Feb",
]
SHAPES: list[Any] = [
    None,
    True,
    [],
    {},
    [[[[]]]],
    {"a": {"b": [1, None]}},
    "word",
    -1,
    1e308,
    {"id": None, "rawId": 1, "response": []},
    {"\0": "\0"},
    ["\ud800"],
]
JSON: list[str | bytes] = [json.dumps(shape) for shape in SHAPES]
JSON += ["{", "[1,", "NaN", "[" * 20_000, '{"a":' * 2_000, "1" * 5_000]
CODES: list[str | bytes] = ["nothing-has-this-code", "None", "null", "undefined", "true", "on", "yes", "1"]
CODES += [
    "00000000-0000-0000-0000-000000000000",
    "a:b:c",
    "::",
    "save:",
    ":save",
    "save:\0",
    "remove:999999",
    "a/b?c#d",
]
ODD = [TEXTS, NUMBERS, DAYS, JSON, CODES]
FILES: list[tuple[str, str, bytes]] = [
    ("list.csv", "text/csv", b""),
    ("list.csv", "text/csv", b"Name,Phone\nRosa\0,01632\n"),
    ("list.csv", "text/csv", "Name,Phone\nRosa,01632 960001\n".encode("utf-16")),
    ("list.csv", "text/csv", b"\xff\xfe\x00\xd8,\xc3\n"),
    ("list.csv", "text/csv", b'"' * 5_000),
    ("list.csv", "text/csv", b"Name,Name,Phone,,\n" + b"Rosa,Marsh\n" * 30),
    ("list.csv", "text/csv", b"Name,Phone,Date of birth\nRosa,1e309,9999-99-99\n" + b"x" * 200_000),
    ("list.xlsx", "application/vnd.ms-excel", b"PK\x03\x04not a zip"),
    ("list.xlsx", "", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ("handout.pdf", "application/pdf", b"%PDF-1.7\nodd"),
    ("../../etc/passwd", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("a" * 400 + ".pdf", "application/pdf", b"%PDF-1.7"),
    ("Ro\0sa.pdf", "application/pdf", b"%PDF-1.7"),
    ("\u202efdp.exe", "application/pdf", b"%PDF-1.7"),
    (".", "a/b/c", b"x"),
    ("<script>odd()</script>.pdf", "text/html", b"<script>odd()</script>"),
]
STRANGE_NAMES = (
    "id",
    "pk",
    "code",
    "role",
    "is_active",
    "is_superuser",
    "by",
    "cohort",
    "state",
    "created_at",
    "__proto__",
)
FOREIGN = [
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "text/xml",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "b" * 300,
    "multipart/form-data; boundary=ungleich",
    "multipart/mixed; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such-thing",
    "application/x-www-form-urlencoded; charset=iso-8859-1",
    "application/octet-stream",
    "nothing",
    "",
]
HEADERS: list[dict[str, str]] = [
    {"HTTP_COOKIE": 'sessionid="\\000\\000\\000\\000\\000\\000\\000\\000"; django_language="\\000"'},
    {"HTTP_COOKIE": "sessionid=" + "s" * 3_000 + "; messages=x; csrftoken=\xff; device=\xff; =; ;;"},
    {"HTTP_COOKIE": 'device="\\000"; django_language=cy-\xff; language="../../x"'},
    {"HTTP_ACCEPT_LANGUAGE": "cy;q=nan, \xff-x, *;q=1e99," + "a-" * 300},
    {"HTTP_USER_AGENT": "\xff\x01<script>odd()</script>" + "u" * 5_000},
    {"HTTP_REFERER": "http://[::1/\xff%00" + "r" * 3_000},
    {"HTTP_ORIGIN": "http://[", "HTTP_REFERER": "//"},
    {"HTTP_X_FORWARDED_FOR": "1.2.3.4, [::1]:x, \xff", "REMOTE_ADDR": ""},
    {"REMOTE_ADDR": "unix:"},
    {"HTTP_X_REQUESTED_WITH": "XMLHttpRequest", "HTTP_IF_MODIFIED_SINCE": "x", "HTTP_RANGE": "bytes=-1-x"},
]
ACCEPT = ["text/html", "application/json", "*/*", "", "application/json;q=x, text/html;q=-1", "\xff"]
BOUNDARY = b"----odd"


@dataclass
class Upload:
    name: str
    kind: str
    content: bytes

    def __repr__(self) -> str:
        return f"Upload({self.name[:60]!r}, {self.kind!r}, {self.content[:60]!r}… of {len(self.content)} bytes)"


Value = str | bytes | Upload
Pairs = list[tuple[str, Value]]


@dataclass
class Body:
    """What is sent. `extra` are the names that no form has: without them the effect is the same."""

    pairs: Pairs
    content_type: str = "application/x-www-form-urlencoded"
    accept: str = "text/html"
    raw: bytes | None = None  # sent instead of the pairs
    headers: dict[str, str] = field(default_factory=dict)
    most: dict[str, int] = field(default_factory=dict)  # letters that a field may have
    odd: list[str] = field(default_factory=list)  # what was done to it
    extra: set[str] = field(default_factory=set)

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        if self.content_type.startswith("multipart/"):
            return multipart(self.pairs)
        return b"&".join(
            _quoted(name) + b"=" + _quoted(value.content if isinstance(value, Upload) else value)
            for name, value in self.pairs
        )

    def without_extra(self) -> Body:
        pairs = [(name, value) for name, value in self.pairs if name not in self.extra]
        return Body(pairs, self.content_type, self.accept, self.raw, self.headers)


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def _quoted(value: str | bytes) -> bytes:
    return quote_from_bytes(_bytes(value)).encode()


def multipart(pairs: Pairs) -> bytes:
    parts = []
    for name, value in pairs:
        head = b'Content-Disposition: form-data; name="' + _bytes(name) + b'"'
        content = value
        if isinstance(value, Upload):
            head += b'; filename="' + _bytes(value.name) + b'"\r\nContent-Type: ' + value.kind.encode()
            content = value.content
        parts.append(b"--" + BOUNDARY + b"\r\n" + head + b"\r\n\r\n" + _bytes(content) + b"\r\n")
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


# --- What is done to them -----------------------------------------------------------------------------


def odd(form: SentForm, dice: Random, strange: list[str]) -> Body:
    """One to three things of a valid answer are made odd. `strange` are names of other forms' fields."""
    body = Body([*valid(form, dice)])
    body.most = {control.name: control.most for control in form.controls.values() if control.most}
    files = [control.name for control in form.controls.values() if control.kind == "file"]
    if files or form.multipart or dice.random() < 0.1:
        body.content_type = "multipart/form-data; boundary=" + BOUNDARY.decode()
    for name in files:
        if dice.random() < 0.8:
            body.pairs.append((name, Upload(*dice.choice(FILES))))
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3))):
        dice.choices(CHANGES, WEIGHTS)[0](body, dice, strange)
    return body


def _value(body: Body, dice: Random, strange: list[str]) -> None:
    if body.pairs:
        at = dice.randrange(len(body.pairs))
        name = body.pairs[at][0]
        value = dice.choice(dice.choice(ODD))
        body.pairs[at] = (name, value)
        body.odd.append(f"{name} = {value[:40]!r}")


def _longest(body: Body, dice: Random, strange: list[str]) -> None:
    """As many letters as the page lets somebody type, each of up to four bytes."""
    places = [at for at, (name, _) in enumerate(body.pairs) if name in body.most]
    if not places:
        return _value(body, dice, strange)
    at = dice.choice(places)
    name = body.pairs[at][0]
    body.pairs[at] = (name, (dice.choice("aé👩") * body.most[name]))
    body.odd.append(f"{name} as long as it may be: {body.most[name]}")


def _part_of_date(body: Body, dice: Random, strange: list[str]) -> None:
    dates = [at for at, (name, _) in enumerate(body.pairs) if name.endswith(("_day", "_month", "_year"))]
    if not dates:
        return _value(body, dice, strange)
    at = dice.choice(dates)
    value = dice.choice(["1", "31", "12", "0001", "1000", "1900", "9999", "2099", "², ", "٣", "-1", ""])
    body.pairs[at] = (body.pairs[at][0], value)
    body.odd.append(f"{body.pairs[at][0]} = {value!r}")


def _left_out(body: Body, dice: Random, strange: list[str]) -> None:
    if body.pairs:
        name, _value = body.pairs.pop(dice.randrange(len(body.pairs)))
        body.odd.append(f"no {name}")


def _repeated(body: Body, dice: Random, strange: list[str]) -> None:
    if body.pairs:
        name, value = dice.choice(body.pairs)
        times = dice.choice((1, 1, 50))
        other = dice.choice([value, "", dice.choice(dice.choice(ODD))])
        body.pairs += [(name, other)] * times
        body.odd.append(f"{name} {times + 1} times")


def _nested(body: Body, dice: Random, strange: list[str]) -> None:
    if body.pairs:
        at = dice.randrange(len(body.pairs))
        name, value = body.pairs[at]
        form = dice.choice(["{}[]", "{}[0]", "{}[a][b]", "{}.x", "{}-0", "{}\0", "{} ", "{}__in", "{}_0", "{}:1"])
        body.pairs[at] = (form.format(name), value)
        body.odd.append(f"{name} as {form!r}")


def _moved(body: Body, dice: Random, strange: list[str]) -> None:
    """What one field holds stands in another."""
    if len(body.pairs) > 1:
        one, other = dice.sample(range(len(body.pairs)), 2)
        body.pairs[one] = (body.pairs[one][0], body.pairs[other][1])
        body.odd.append(f"{body.pairs[one][0]} holds what {body.pairs[other][0]} does")


def _extra(body: Body, dice: Random, strange: list[str]) -> None:
    have = {name for name, _value in body.pairs}
    for name in dice.sample(strange, min(5, len(strange))):
        if name not in have:
            body.pairs.append((name, dice.choice(["1", "yes", "on", "2026-01-01", "administrator"])))
            body.extra.add(name)
    body.odd.append(f"also {sorted(body.extra)}")


def _file_for_text(body: Body, dice: Random, strange: list[str]) -> None:
    if body.pairs:
        at = dice.randrange(len(body.pairs))
        body.content_type = "multipart/form-data; boundary=" + BOUNDARY.decode()
        body.pairs[at] = (body.pairs[at][0], Upload(*dice.choice(FILES)))
        body.odd.append(f"{body.pairs[at][0]} = {body.pairs[at][1]!r}")


def _foreign_type(body: Body, dice: Random, strange: list[str]) -> None:
    body.content_type = dice.choice(FOREIGN)
    if "json" in body.content_type:
        texts = {name: value for name, value in body.pairs if isinstance(value, str)}
        body.raw = _bytes(dice.choice([json.dumps(texts), dice.choice(JSON)]))
    body.odd.append(f"as {body.content_type[:60]}")


def _broken(body: Body, dice: Random, strange: list[str]) -> None:
    """Cut off, doubled, or not a form at all."""
    whole = body.encoded()
    head = b"--" + BOUNDARY + b"\r\n"
    body.raw = dice.choice(
        [
            whole[: len(whole) // 2],
            whole + whole,
            b"&&&==&=%&%zz=%u0041&;;",
            b"a" * LONG,
            dice.randbytes(200),
            head + b"Content-Dis",
            head + b"Content-Disposition: form-data\r\n\r\nx\r\n",
            head
            + b'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n*\r\n--'
            + BOUNDARY,
            head + b"Content-Disposition: form-data; name*=utf-9''%ff; filename*=x\r\n\r\nx\r\n--" + BOUNDARY + b"--",
        ]
    )
    body.odd.append(f"broken: {body.raw[:30]!r}")


def _too_many(body: Body, dice: Random, strange: list[str]) -> None:
    body.pairs += [(f"x{n}", "1") for n in range(MANY)]
    body.odd.append(f"{MANY} fields more")


def _script(body: Body, dice: Random, strange: list[str]) -> None:
    body.accept = dice.choice(ACCEPT)
    body.odd.append(f"accepts {body.accept!r}")


def _headers(body: Body, dice: Random, strange: list[str]) -> None:
    body.headers |= dice.choice(HEADERS)
    body.odd.append(f"headers {str(body.headers)[:150]}")


Change = Callable[[Body, Random, list[str]], None]
WEIGHED: dict[Change, int] = {
    _value: 40,
    _longest: 8,
    _part_of_date: 8,
    _left_out: 7,
    _repeated: 7,
    _nested: 4,
    _moved: 5,
    _extra: 8,
    _file_for_text: 5,
    _foreign_type: 5,
    _broken: 4,
    _too_many: 1,
    _script: 6,
    _headers: 4,
}
CHANGES, WEIGHTS = list(WEIGHED), list(WEIGHED.values())


def odd_path(url: str, codes: list[str], dice: Random) -> str:
    """With something else in place of one of its codes."""
    code = dice.choice(codes)
    put = _quoted(dice.choice(CODES + TEXTS[:3] + NUMBERS)[:300]).decode().replace("/", "%2F")
    return url.replace(code, put, 1)


def odd_query(names: list[str], dice: Random) -> bytes:
    """After the question mark: names that pages ask for, and what nobody would ask."""
    pairs: list[tuple[str, Any]] = [
        (dice.choice(names), dice.choice(dice.choice(ODD))) for _ in range(dice.choice((1, 1, 2, 3)))
    ]
    text = b"&".join(_quoted(name) + b"=" + _quoted(value[:3_000]) for name, value in pairs)
    return dice.choice([text, text, text, text, b"%", b"%00", b"&&=&==", b"?" * 50, b"a[]=1&a[b]=2", b"\xff=\xfe"])
