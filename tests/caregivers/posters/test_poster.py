"""A group's poster: made, switched off and on, printed."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from caregivers.models import Poster
from caregivers.posters import actions
from caregivers.posters import context as poster_pdf
from caregivers.posters import jobs as poster_jobs
from ppg.models import AuditEntry, Service
from ppg.service_details import service
from tests.pdfs import boxes_in

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture
def url(cohort):
    return reverse("caregivers:poster", args=[cohort.code])


@pytest.fixture
def switch(cohort):
    return reverse("caregivers:poster_switch", args=[cohort.code])


@pytest.fixture
def pdf(cohort):
    return reverse("caregivers:poster_pdf", args=[cohort.code])


@pytest.fixture
def poster(cohort, lead):
    return actions.switch_poster(cohort=cohort, on=True, by=lead, site=SITE)


def test_it_is_made_with_one_press(browser_of, facilitator, cohort, url, switch, django_capture_on_commit_callbacks):
    client = browser_of(facilitator)
    assert "Make the poster" in client.get(url).text and not Poster.objects.exists()
    with django_capture_on_commit_callbacks() as jobs:
        assert client.post(switch, {"on": "yes"}).headers["Location"] == url
    made = Poster.objects.get()
    assert (made.cohort, made.closed_at, made.made_by, len(jobs)) == (cohort, None, facilitator, 1)
    assert AuditEntry.objects.filter(what="poster", verb="created").count() == 1
    assert f"testserver/r/join/{made.code}" in client.get(url).text


def test_its_address_is_short_and_looks_like_no_other(poster):
    assert re.fullmatch(r"[a-z2-9]{10}", poster.code) and not set(poster.code) & set("ilo01")


def test_off_and_on_again_it_has_the_same_address(browser_of, lead, url, switch, poster):
    client = browser_of(lead)
    for _press in range(2):
        client.post(switch, {"on": "no"})
    poster.refresh_from_db()
    assert poster.closed_at and "Switch it on again" in client.get(url).text
    client.post(switch, {"on": "yes"})
    assert [(row.code, row.closed_at) for row in Poster.objects.all()] == [(poster.code, None)]
    said = AuditEntry.objects.filter(what="poster", verb="changed").order_by("id")
    assert [entry.fields for entry in said] == [["closed"], ["opened"]]


def test_a_full_group_is_asked_whether_to_switch_it_off(browser_of, lead, cohort, url, poster, register):
    assert "The group is full" not in browser_of(lead).get(url).text
    cohort.places = 1
    cohort.save()
    register()
    assert "The group is full. Switch the poster off" in browser_of(lead).get(url).text


def test_the_pdf_is_tagged_one_page_and_says_nothing_of_the_group(browser_of, lead, cohort, poster, pdf):
    Service.objects.update_or_create(pk=1, defaults={"name": "Common Ground · 共同点", "phone": "01632 960 123"})
    service.forget()
    poster_jobs.draw_poster.func(poster.code, SITE)
    answer = browser_of(lead).get(pdf)
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="poster.pdf"'
    assert boxes_in(answer.content) == 0
    with pikepdf.open(io.BytesIO(answer.content)) as made:
        assert len(made.pages) == 1 and made.Root.MarkInfo.Marked
        assert [round(float(side)) for side in made.pages[0].MediaBox[2:]] == [595, 842]  # A4
        with made.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
    words = poster_pdf.print_html(poster, SITE)
    assert "01632 960 123" in words and f"testserver/r/join/{poster.code}" in words
    assert not re.search(r"(?i)exploit|police|child|county|youth justice", words)
    assert cohort.name not in words and cohort.venue not in words
    assert AuditEntry.objects.filter(what="poster", verb="downloaded").count() == 1


def test_a_pdf_with_an_old_phone_number_is_not_handed_out(browser_of, lead, url, poster, pdf):
    poster_jobs.draw_poster.func(poster.code, SITE)
    assert "Download the PDF" in browser_of(lead).get(url).text
    Service.objects.update_or_create(pk=1, defaults={"phone": "01632 960 999"})
    service.forget()
    assert "Make the PDF again" in browser_of(lead).get(url).text
    assert browser_of(lead).get(pdf).status_code == 409


def test_what_is_drawn_from_the_same_words_is_not_drawn_again(poster, monkeypatch):
    drawn = []
    monkeypatch.setattr(poster_jobs, "render_pdf", lambda html: drawn.append(html) or b"%PDF")
    for _time in range(2):
        poster_jobs.draw_poster.func(poster.code, SITE)
    assert len(drawn) == 1


def test_before_it_is_drawn_and_when_it_is_off_there_is_a_sentence(browser_of, lead, cohort, pdf, poster):
    refused = browser_of(lead).get(pdf)
    assert refused.status_code == 409 and "The PDF is being made." in refused.text
    actions.switch_poster(cohort=cohort, on=False, by=lead, site=SITE)
    assert "The poster is switched off." in browser_of(lead).get(pdf).text


def test_a_group_without_a_poster_has_no_pdf_and_nothing_to_switch_off(browser_of, lead, pdf, switch):
    assert browser_of(lead).get(pdf).status_code == 404
    browser_of(lead).post(switch, {"on": "no"})
    assert not Poster.objects.exists()


def test_only_the_team_may(browser_of, other_facilitator, manager, parent, url, switch, pdf):
    for user, status in ((other_facilitator, 404), (manager, 403), (parent, 403)):
        assert browser_of(user).get(url).status_code == status
        assert browser_of(user).get(pdf).status_code == status
        assert browser_of(user).post(switch, {"on": "yes"}).status_code == status
    assert not Poster.objects.exists()


def test_wrong_verbs(browser_of, lead, url, switch):
    assert browser_of(lead).post(url).status_code == 405
    assert browser_of(lead).get(switch).status_code == 405
