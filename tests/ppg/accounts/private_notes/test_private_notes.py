"""Private notes: their writer alone reads and writes them, by whatever address, and they go with the account."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse

from ppg.access.permissions import GRANTS, P, Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.accounts.private_notes.actions import write
from ppg.holdings import archives, processing_record
from ppg.models import AuditEntry, PrivateNotes, User
from ppg.versions import ChangedMeanwhile
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
STORY = "He was fifteen, and I did not see it"


@pytest.fixture
def page():
    return reverse("private_notes")


@pytest.fixture
def notes(parent):
    write(by=parent, text=STORY, version=0)
    return PrivateNotes.objects.get()


def test_what_is_written_is_there_again(browser_of, parent, page):
    client = browser_of(parent)
    assert 'name="version" value="0"' in client.get(page).text
    assert client.post(page, {"text": STORY, "version": "0"})["Location"] == page
    again = client.get(page).text
    assert STORY in again and 'name="version" value="1"' in again
    assert client.post(page, {"text": STORY + ".", "version": "1"}).status_code == 302
    assert PrivateNotes.objects.get().text == STORY + "."


def test_the_page_says_who_could_read_them(browser_of, parent, page):
    words = browser_of(parent).get(page).text
    assert "The people who run the server." in words and "they hold the keys" in words
    assert "They are deleted when your account is closed" in " ".join(words.split())


def test_nobody_else_finds_them(browser_of, stranger, parent, notes, page, cohort, administrator, lead):
    """Another parent of the same group has an empty box, whatever they add to the address; everybody else no page."""
    other = UserFactory(role="parent")
    cohort.team.create(user=other, job="parent")
    for address in (page, f"{page}?user={parent.code}", f"{page}?id={notes.pk}"):
        answer = browser_of(other).get(address)
        assert answer.status_code == 200 and STORY not in answer.text
    browser_of(other).post(page, {"text": "Mine", "version": "0", "user": parent.pk, "id": notes.pk})
    assert {one.user: one.text for one in PrivateNotes.objects.all()} == {parent: STORY, other: "Mine"}
    assert [role for role in Role.values if P.PRIVATE_NOTES in GRANTS[role]] == [Role.PARENT]
    for user in (administrator, lead):
        assert browser_of(user).get(page).status_code == 403
        assert browser_of(user).post(page, {"text": "Taken", "version": "1"}).status_code == 403
    assert stranger.get(page).status_code == 302


def test_they_lie_encrypted(notes):
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM ppg_privatenotes")
        (lies,) = cursor.fetchone()
    assert STORY not in lies and "fifteen" not in lies and lies.startswith("gAAAA")


def test_no_trail_and_no_archive_has_them(browser_of, parent, page):
    before = AuditEntry.objects.count()
    browser_of(parent).post(page, {"text": STORY, "version": "0"})
    browser_of(parent).get(page)
    assert AuditEntry.objects.count() == before and PrivateNotes.objects.exists()
    for apart in (False, True):
        assert "ppg.PrivateNotes" not in {table.label for table in archives.tables_in(apart)}
    table = next(one for one in processing_record.tables() if one.label == "ppg.PrivateNotes")
    assert [(one.level, one.is_taken) for one in table.fields if one.name == "text"] == [("private", False)]


def test_two_windows_lose_nothing(browser_of, parent, notes, page):
    client = browser_of(parent)
    client.post(page, {"text": "Newer", "version": "1"})
    answer = client.post(page, {"text": "From the other window", "version": "1"})
    assert answer.status_code == 422 and "You saved your notes in another window meanwhile." in answer.text
    assert "From the other window" in answer.text and "<p>Newer</p>" in answer.text
    assert 'name="version" value="2"' in answer.text
    assert PrivateNotes.objects.get().text == "Newer"
    assert client.post(page, {"text": "Both", "version": "2"}).status_code == 302
    assert PrivateNotes.objects.get().text == "Both"


def test_an_empty_box_leaves_nothing_behind(browser_of, parent, notes, page):
    assert browser_of(parent).post(page, {"text": "", "version": "1"}).status_code == 302
    assert not PrivateNotes.objects.exists()
    with pytest.raises(ChangedMeanwhile):
        write(by=parent, text=STORY, version=1)


def test_a_version_that_is_none_overwrites_nothing(browser_of, parent, notes, page):
    for version in ("", "x", "9" * 40):
        assert browser_of(parent).post(page, {"text": "Other", "version": version}).status_code == 422
    assert PrivateNotes.objects.get().text == STORY


def test_too_long_is_said_and_kept(browser_of, parent, page):
    answer = browser_of(parent).post(page, {"text": "a" * 20_001, "version": "0"})
    assert answer.status_code == 422 and "a" * 20_001 in answer.text and not PrivateNotes.objects.exists()


@pytest.mark.parametrize("role", [None, "facilitator"])
def test_they_go_with_the_account_or_the_role(parent, administrator, notes, role):
    assert [words for words in leaving.ending(parent, role) if words.startswith("Private notes are deleted")]
    leaving.end_access(user=parent, by=administrator, role=role)
    assert not PrivateNotes.objects.exists()


def test_an_administrator_is_not_told_whether_there_are_any(parent, administrator, notes):
    with_some = leaving.ending(parent)
    PrivateNotes.objects.all().delete()
    assert leaving.ending(parent) == with_some
    assert not [words for words in leaving.ending(administrator) if "Private notes" in words]


def test_whoever_is_blocked_meanwhile_leaves_none(parent):
    page_was_open_as = User.objects.get(pk=parent.pk)
    User.objects.filter(pk=parent.pk).update(is_active=False)
    with pytest.raises(Refused, match="Your account was changed meanwhile"):
        write(by=page_was_open_as, text=STORY, version=0)
    assert not PrivateNotes.objects.exists()
