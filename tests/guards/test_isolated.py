"""A name that runs from the right leaves the sentence around it as it is: on every page it stands in an element of its
own, and where there are no elements (titles, attributes, fields) none is written.

`ppg.typed.Words` does it by itself for `{{ name }}` and `format_html("{}", name)`. What loses it on the way is text
that was put together before it reached the page: f"{name}, {place}", or a sentence with %(name)s.
"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.urls import reverse

from caregivers.models import Caregiver
from ppg.access.marks import SIGNED_IN
from ppg.access.permissions import GRANTS, Role
from tests.guards.records import records_of
from tests.guards.test_permissions import NEW_EACH_TIME, TABLE, VIEWS, clients  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]

NAME = "علي"
TEXT_ALONE = {"title", "textarea", "option", "script"}  # elements that hold no others
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_THEIRS = {"gallery", "feedback:paper_sheet"} | NEW_EACH_TIME


class Reader(HTMLParser):
    """What is wrong with a page: where the name stands without an element of its own, or with one that is text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.alone: list[bool] = []
        self.names, self.faults = 0, []

    def handle_starttag(self, tag, attrs):
        self.faults += [f"<bdi> in {name} of {tag}" for name, value in attrs if value and "<bdi" in value]
        if tag == "bdi" and TEXT_ALONE & set(self.open):
            self.faults.append(f"<bdi> in {self.open[-1]}")
        if tag not in VOID:
            self.open.append(tag)
            own = "dir" in dict(attrs) and tag not in ("html", "body")
            self.alone.append(own or tag in TEXT_ALONE | {"bdi"})

    def handle_endtag(self, tag):
        while self.open and tag in self.open:
            self.alone.pop()
            if self.open.pop() == tag:
                break

    def handle_data(self, data):
        if NAME in data:
            self.names += 1
            if not any(self.alone) and "\u2068" not in data:
                self.faults.append(f"not by itself: {' '.join(data.split())[:60]}")


@pytest.fixture
def addresses(cohort) -> dict[str, str]:
    """Every page about a group all of whose people have names that run from the right."""
    records = records_of(cohort)
    for number, person in enumerate(Caregiver.objects.all()):
        person.name, person.liked_name = f"{NAME} {'حسن' * (number + 1)}", NAME if number % 2 else ""
        person.safe_when = f"{NAME} 1"
        person.save()
    return {
        name: reverse(name, args=[records[part] for part in kind.split()])
        for name, (kind, status) in TABLE.items()
        if status == 200 and name not in NOT_THEIRS
    }


def test_names_stand_by_themselves_on_every_page(addresses, clients):  # noqa: F811
    problems, names = {}, 0
    for name, url in addresses.items():
        for role in Role:
            if VIEWS[name].access != SIGNED_IN and VIEWS[name].access not in GRANTS[role]:
                continue
            answer = clients[role].get(url)
            if not answer.headers["Content-Type"].startswith("text/html") or answer.status_code != 200:
                continue
            reader = Reader()
            reader.feed(answer.text)
            names += reader.names
            if reader.faults:
                problems[f"{name}, {role.label}"] = sorted(set(reader.faults))
    assert names > 100
    assert not problems, "\n".join(f"{where}: {faults}" for where, faults in problems.items())
