"""Everything held about one person as one file, and nobody else in it."""

from __future__ import annotations

import io
import json
from contextlib import suppress

import pikepdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver, KeptApart, Place
from caregivers.rights import handover
from caregivers.rights import queries as rights
from ppg.models import AuditEntry, User
from sessions_app.models import RegisterMark
from tests import traces
from tests.factories import CaregiverFactory
from tests.pdfs import boxes_in, fonts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(cohort, lead):
    return traces.filled(cohort, lead).caregiver


def address(name, person):
    return reverse(f"caregivers:{name}", args=[person.code])


def words_about(person) -> dict[str, set[str]]:
    """Every word of theirs, by the table it is in."""
    found: dict[str, set[str]] = {}
    for where, text in traces.everything():
        found.setdefault(where, set()).update(word for word in text.split() if word.startswith(traces.WORD))
    return {where: words for where, words in found.items() if words}


def test_every_word_of_theirs_is_in_it(person):
    text = handover.file_of(person, timezone.now()).as_json()
    missing = {where for where, words in words_about(person).items() if not any(word in text for word in words)}
    # The second is made of their addresses, which are in it, and says which of them a link may go to.
    assert missing <= {"sessions_app_registermark.key", "evaluation_pseudonymkey.reach"}


def done_by(user, person) -> int:
    """Whoever did something with a row of theirs, in whichever field, is this member of staff; in how many fields."""
    done = 0
    for model, name in traces.pointing_at(Caregiver, Place):
        among = [person.pk] if model._meta.get_field(name).related_model is Caregiver else person.places.values("pk")
        staff = [one.name for one in model._meta.concrete_fields if one.related_model is User]
        rows = model._default_manager.filter(**{f"{name}__in": among})
        for one in staff:
            with suppress(IntegrityError), transaction.atomic():  # two different people sign a quote off
                done += bool(rows.update(**{one: user}))
    return done


def test_nobody_elses_name_is_in_it(person, lead):
    assert done_by(lead, person) > 8
    other = KeptApart.objects.get(first=person).second
    text = handover.file_of(person, timezone.now()).as_json()
    assert lead.name not in text and other.name not in text
    assert "a member of staff" in text


def test_which_links_were_sent_is_in_it_and_among_what_goes(person):
    sent = json.loads(handover.file_of(person, timezone.now()).as_json())["Links that were sent to you"]
    assert [(row["To"], row["What happened"]) for row in sent] == [("their own page", "sent")]
    assert rights.counts_of(person)["What became of links that were sent"] == 1


def test_the_json_is_downloaded_and_in_the_trail(browser_of, lead, person):
    answer = browser_of(lead).get(address("handover_json", person))
    assert person.name in json.loads(answer.content)["Details"][0].values()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="details.json"'
    assert AuditEntry.objects.filter(verb="exported", person=person.code, user=lead, fields=["json"]).count() == 1


def test_the_pdf_is_made_in_the_background_and_each_step_is_in_the_trail(
    browser_of, lead, person, django_capture_on_commit_callbacks
):
    client = browser_of(lead)
    person.name = "王小明 أمينة 김 👍🏽"
    person.save()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(address("handover_make", person)).status_code == 302
    assert "Download the PDF" in client.get(address("handover", person)).text
    pdf = client.get(address("handover_pdf", person))
    with pikepdf.open(io.BytesIO(pdf.content)) as document:
        assert document.Root.MarkInfo.Marked and document.Root.Lang == "en-gb"
    used = " ".join(fonts_of(pdf.content))
    assert boxes_in(pdf.content) == 0 and "noto-sans-sc" in used and "noto-sans-arabic" in used
    verbs = AuditEntry.objects.filter(person=person.code, fields=["pdf"]).values_list("verb", flat=True)
    assert sorted(verbs) == ["downloaded", "exported"]


def test_pressed_twice_it_is_made_once(browser_of, lead, person):
    client = browser_of(lead)
    for _time in range(2):
        client.post(address("handover_make", person))
    assert AuditEntry.objects.filter(person=person.code, verb="exported").count() == 1
    assert "is being made" in client.get(address("handover", person)).text


def test_before_there_is_a_pdf_its_address_leads_to_the_page(browser_of, lead, person):
    assert browser_of(lead).get(address("handover_pdf", person)).url == address("handover", person)


def test_only_the_lead_of_the_group(browser_of, lead, facilitator, manager, administrator, other_cohort, person):
    for name in ("handover", "handover_json", "handover_pdf"):
        for user in (facilitator, manager, administrator):
            assert browser_of(user).get(address(name, person)).status_code == 403
        assert browser_of(lead).get(address(name, CaregiverFactory(cohort=other_cohort))).status_code == 404
    assert not AuditEntry.objects.filter(verb="exported").exists()


def test_the_file_costs_the_same_with_more_history(browser_of, lead, cohort, person, same_queries):
    def grow():
        mark = RegisterMark.objects.filter(place__caregiver=person).first()
        for number in range(30):
            RegisterMark.objects.create(
                session=mark.session,
                place=mark.place,
                state="present",
                key=f"more-{number}",
                made_at=mark.made_at,
                recorded_by=lead,
            )

    same_queries(browser_of(lead), address("handover_json", person), grow)
