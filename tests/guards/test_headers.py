"""Every answer carries the strict headers: pages of staff and public ones, errors, and what is no page."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.public_pages import public_pages

pytestmark = pytest.mark.django_db

FORBIDDEN = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


def faults(answer) -> list[str]:
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    found = [f"{part} {value}" for part, value in policy.items() for word in FORBIDDEN if word in value]
    if policy["default-src"] != "'none'" or policy["frame-ancestors"] != "'none'" or policy["base-uri"] != "'none'":
        found.append(str(policy))
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found += [name for name, value in expected.items() if answer.headers.get(name) != value]
    kept = answer.headers["Cache-Control"]
    return found + ([] if "no-store" in kept or "no-cache" in kept or "private" in kept else [f"Cache-Control: {kept}"])


def test_every_public_page_and_errors(cohort, lead):
    pages = public_pages(cohort, lead) | {"not found": "/nothing-here/", "sign in": "/sign-in/", "calendar": "/c/none/"}
    wrong = {name: found for name, url in pages.items() if (found := faults(Client().get(url)))}
    assert not wrong


@pytest.mark.parametrize("url", ["/", "/people/", "/guides/", "/nothing-here/", "/audit/"])
def test_pages_of_staff_too_and_what_is_refused(browser_of, lead, url):
    assert not faults(browser_of(lead).get(url))
    assert browser_of(lead).get(url).headers["Cache-Control"] == "no-store"


def test_a_wrong_verb_and_a_forged_form_too(cohort):
    assert not faults(Client().post("/r/notice/"))
    assert not faults(Client(enforce_csrf_checks=True).post("/sign-in/"))
