"""What a page offers: its forms with what stands in them, and where its links lead."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit


@dataclass
class PageForm:
    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)  # as a browser would send them at once
    choices: dict[str, list[str]] = field(default_factory=dict)  # name → what may be chosen
    empty: list[str] = field(default_factory=list)  # names of what is to be typed, and has nothing in it


@dataclass
class Page(HTMLParser):
    """`read(url, html)`"""

    url: str
    forms: list[PageForm] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)  # what a browser asks for by itself
    words: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.by_id: dict[str, PageForm] = {}
        self.open: PageForm | None = None
        self.select = ""
        self.text: str | None = None
        self.hushed = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.words += said.values()
        if tag == "form":
            self.open = PageForm(urljoin(self.url, said.get("action", "")), said.get("method", "get").lower())
            self.by_id[said.get("id", "")] = self.open
            self.forms.append(self.open)
        if tag == "a" and "href" in said:
            self.links.append(urljoin(self.url, said["href"]))
        self.fetched += [said[name] for name in ("src", "poster", "data", "background", "ping") if name in said]
        self.fetched += [said["href"]] if tag in ("link", "use", "image") and "href" in said else []
        self.fetched += [one.split()[0] for one in said.get("srcset", "").split(",") if one.strip()]
        form = self.by_id.get(said.get("form", "")) if said.get("form") else self.open
        if form and "name" in said and "disabled" not in said:
            self.control(form, tag, said)
        if tag == "option" and self.select and self.open:
            self.choice(self.open, self.select, said.get("value", ""), "selected" in said)

    def control(self, form: PageForm, tag: str, said: dict[str, str]) -> None:
        name, kind = said["name"], said.get("type", "text")
        if tag == "select":
            self.select = name
        elif tag == "textarea":
            form.empty.append(name)
        elif tag == "button":
            form.choices.setdefault(name, []).append(said.get("value", ""))
            form.fields.setdefault(name, [said.get("value", "")])
        elif tag == "input" and kind in ("radio", "checkbox"):
            self.choice(form, name, said.get("value", "on"), "checked" in said)
        elif tag == "input" and kind not in ("submit", "file"):
            form.fields[name] = [said.get("value", "")]
            if not said.get("value") and kind != "hidden":
                form.empty.append(name)

    def choice(self, form: PageForm, name: str, value: str, chosen: bool) -> None:
        form.choices.setdefault(name, []).append(value)
        if chosen:
            form.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        if tag == "select":
            self.select = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(url: str, html: str) -> Page:
    page = Page(url)
    page.feed(html)
    page.close()
    return page


def filled(form: PageForm) -> dict[str, list[str]]:
    """Something plausible where nothing stands yet: the first choice, a word, a day, a time."""
    sent = dict(form.fields)
    for name, choices in form.choices.items():
        sent.setdefault(name, [next((one for one in choices if one), "")])
    for name in form.empty:
        sent[name] = [plausible(name)]
    return sent


def plausible(name: str) -> str:
    for ending, value in (("_day", "1"), ("_month", "3"), ("_year", "2027"), ("email", "someone@example.org")):
        if name.endswith(ending):
            return value
    if "phone" in name:
        return "07700 900123"
    if name.startswith(("start", "time")) or name == "at":
        return "18:00"
    if any(word in name for word in ("minutes", "number", "places", "people", "seats", "count", "size", "months")):
        return "7"
    return "A few words"


def path(address: str) -> str:
    return urlsplit(address).path
