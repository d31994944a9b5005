"""What a page's forms would send: where to, their fields, and a valid answer to each as far as it can be guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from random import Random
from urllib.parse import urldefrag, urljoin

from django.utils import timezone

NO_ANSWER = {"submit", "button", "image", "reset"}


@dataclass
class Control:
    """A field of a form: what may be chosen, and what is chosen or typed already."""

    name: str
    kind: str
    options: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    numeric: bool = False
    most: int = 0  # letters, where the page says so


@dataclass
class SentForm:
    """A form as a page shows it: where it goes, and what is in it."""

    url: str
    controls: dict[str, Control] = field(default_factory=dict)
    multipart: bool = False

    def control(self, name: str, kind: str) -> Control:
        return self.controls.setdefault(name, Control(name, kind))


def forms_in(html: str, url: str) -> list[SentForm]:
    """Those that are posted; what they carry against foreign sites is left out."""
    reader = _Reader(url)
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.url, self.forms = url, list[SentForm]()
        self.form: SentForm | None = None
        self.select: Control | None = None
        self.area: Control | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        have = {name: value or "" for name, value in attrs}
        if tag == "form" and have.get("method", "").lower() == "post":
            action = urldefrag(urljoin(self.url, have.get("action") or self.url)).url
            self.form = SentForm(action, multipart="multipart" in have.get("enctype", ""))
            self.forms.append(self.form)
        elif self.form and tag in ("input", "button", "select", "textarea") and have.get("name"):
            self._control(tag, have)
        elif self.select and tag == "option":
            self.select.options.append(have.get("value", ""))
            if "selected" in have:
                self.select.given.append(have.get("value", ""))

    def _control(self, tag: str, have: dict[str, str]) -> None:
        kind = have.get("type", "text") if tag == "input" else "submit" if tag == "button" else tag
        if not self.form or have["name"] == "csrfmiddlewaretoken":
            return
        control = self.form.control(have["name"], kind)
        control.numeric |= have.get("inputmode") == "numeric"
        control.most = max(control.most, int(have.get("maxlength") or 0))
        value = have.get("value", "on" if kind in ("checkbox", "radio") else "")
        if kind in ("checkbox", "radio", *NO_ANSWER):
            control.options.append(value)
            if "checked" in have:
                control.given.append(value)
        elif tag == "select":
            self.select = control
        elif tag == "textarea":
            self.area = control
            control.given.append("")
        elif kind != "file":
            control.given.append(value)

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area.given[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea" and self.area:
            self.area.given[-1] = self.area.given[-1].removeprefix("\n")
            self.area = None


# --- A valid answer ---------------------------------------------------------------------------------

EXAMPLES = {  # by a part of the field's name
    "email": "rosa.marsh@example.org",
    "phone": "01632 960001",
    "url": "https://example.org/",
    "link": "https://example.org/",
    "time": "18:30",
    "starts": "18:30",
    "ends": "20:00",
    "until": "18:30",
    "postcode": "IP1 1AA",
    "password": "correct horse battery staple",
    "minutes": "20",
    "slug": "a-word",
}


def valid(form: SentForm, dice: Random) -> list[tuple[str, str]]:
    """What somebody might send who fills it in. One of its buttons is pressed; files are left out."""
    return [
        (control.name, value)
        for control in form.controls.values()
        if control.kind != "file"
        for value in _answers(control, dice)
    ]


def _answers(control: Control, dice: Random) -> list[str]:
    if control.kind == "hidden":
        return control.given
    if control.options:
        if control.given and dice.random() < 0.5:
            return control.given
        if control.kind == "checkbox":
            return [option for option in control.options if dice.random() < 0.5]
        if control.kind in NO_ANSWER and dice.random() < 0.2:
            return []
        return [dice.choice([option for option in control.options if option] or control.options)]
    if any(control.given) and dice.random() < 0.7:
        return control.given
    return [_example(control, dice)]


def _example(control: Control, dice: Random) -> str:
    today, name = timezone.localdate(), control.name.lower()
    for part, value in (("_day", dice.randint(1, 28)), ("_month", today.month), ("_year", today.year)):
        if name.endswith(part):
            return str(value)
    for part, example in EXAMPLES.items():
        if part in name:
            return example
    if control.numeric:
        return str(dice.randint(1, 10))
    if control.kind == "email":
        return EXAMPLES["email"]
    return dice.choice(["Some plain words", "Rosa Marsh", "More tea, please", "7", ""])
