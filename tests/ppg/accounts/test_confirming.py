"""Asked once more before what cannot be undone or leaves the house."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from ppg.models import AuditEntry
from tests.guards.urls import every_url
from tests.ppg.accounts.factors import PASSWORD, code_of, recovery_code_of, with_app, with_password

pytestmark = pytest.mark.django_db

# file on a person, erasing, exports, factor, e-mail and roles, retention: the council's promise, name by name.
ASKED = {
    "caregivers:handover",
    "caregivers:handover_json",
    "caregivers:handover_make",
    "caregivers:handover_pdf",
    "caregivers:erase",
    "sessions:retention",
    "sessions:retention_group",
    "sessions:retention_hold",
    "sessions:retention_hold_end",
    "evaluation:data_of",
    "evaluation:data_xlsx",
    "evaluation:data_csv",
    "evaluation:across_xlsx",
    "evaluation:across_csv",
    "evaluation:answers_code",
    "evaluation:answers_link",
    "evaluation:answers_send",
    "factor_app",
    "factor_passkey",
    "factor_remove",
    "recovery_codes",
    "recovery_codes_new",
    "audit_export",
    "user_invite",
    "user_change",
    "user_block",
    "user_unblock",
    "user_factor",
    "user_leaving",
    "council_connect",
    "council_disconnect",
}


def later(browser, minutes=11):
    """The sign-in, or the last time of asking, was so long ago."""
    session = browser.session
    session["confirmed"] -= minutes * 60
    session.save()
    return browser


def test_these_are_asked_and_no_others():
    assert {name for name, view in every_url() if getattr(view, "again", False)} == ASKED


def test_within_ten_minutes_of_signing_in_nothing_is_asked(browser_of, administrator):
    assert later(browser_of(administrator), 9).get(reverse("user_invite")).status_code == 200


@pytest.mark.parametrize("answer", ["password", "code"])
def test_password_or_code_opens_the_page_that_was_asked_for(browser_of, administrator, answer):
    browser = later(browser_of(with_app(administrator)))
    asked = browser.get(reverse("user_invite"))
    assert asked.headers["Location"] == f"{reverse('confirm')}?{urlencode({'next': '/users/invite/'})}"
    assert "Is it still you?" in browser.get(asked.headers["Location"]).text
    secret = PASSWORD if answer == "password" else code_of(administrator)
    done = browser.post(reverse("confirm"), {"secret": secret, "next": reverse("user_invite")})
    assert done.headers["Location"] == reverse("user_invite")
    assert browser.get(reverse("user_invite")).status_code == 200


def test_neither_is_refused_in_a_sentence_and_opens_nothing(browser_of, administrator):
    browser = later(browser_of(with_app(administrator)))
    answer = browser.post(reverse("confirm"), {"secret": "not the password", "next": reverse("user_invite")})
    assert answer.status_code == 422 and "neither your password nor a new code" in answer.text
    assert 'value="/users/invite/"' in answer.text
    assert browser.get(reverse("user_invite")).status_code == 302


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [({}, "Enter your password, or the code from your app"), ({"credential": "{}"}, "That passkey did not work here")],
)
def test_what_lacks_an_answer_comes_back_with_a_sentence(browser_of, administrator, sent, sentence):
    """Also where there is no passkey that one could have been of."""
    answer = later(browser_of(administrator)).post(reverse("confirm"), {"next": "/", **sent})
    assert answer.status_code == 422 and sentence in answer.text


def test_a_form_that_came_too_late_waits_and_is_sent_by_one_press(browser_of, administrator):
    browser = browser_of(with_password(administrator))
    page = browser.get(reverse("user_invite"))
    mark = page.text.split('name="opened_by" value="')[1].split('"')[0]
    headers = {"Accept": "text/html", "Origin": "http://testserver"}
    fields = {"name": "Nia New Person", "email": "nia@council.example", "role": "lead", "opened_by": mark}
    asked = later(browser).post(reverse("user_invite"), fields, headers=headers)
    assert asked.status_code == 403 and "Nothing is lost" in asked.text
    sealed = asked.text.split('name="carried" value="')[1].split('"')[0]
    confirmed = browser.post(reverse("confirm"), {"secret": PASSWORD, "carried": sealed, "next": ""}, headers=headers)
    assert "Nia New Person" in confirmed.text and "One more press, and it is done" in confirmed.text
    assert "You were signed out. What you" not in confirmed.text


def test_a_file_is_fetched_from_its_page_anew(browser_of, lead, cohort):
    """A download that begins on the page with the question would leave the question standing there."""
    browser = later(browser_of(lead))
    data = reverse("evaluation:data_of", args=[cohort.code])
    asked = browser.get(
        reverse("evaluation:data_csv", args=[cohort.code]), headers={"Referer": f"http://testserver{data}"}
    )
    assert asked.headers["Location"] == f"{reverse('confirm')}?{urlencode({'next': data})}"


def test_it_leads_nowhere_else(browser_of, administrator):
    browser = later(browser_of(with_password(administrator)))
    for address in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"):
        done = browser.post(reverse("confirm"), {"secret": PASSWORD, "next": address})
        assert done.headers["Location"] == reverse("home")


def test_a_recovery_code_given_here_is_told_and_recorded_too(browser_of, lead, mail_at_once):
    browser = later(browser_of(with_app(lead)))
    assert browser.post(reverse("confirm"), {"secret": recovery_code_of(lead)}).status_code == 302
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    assert AuditEntry.objects.get(ref=lead.code).fields == ["recovery code used"]


def test_the_password_typed_here_is_never_carried(browser_of, lead):
    """Signed out while it was typed, it would stand on the page that sends it again."""
    browser = browser_of(with_password(lead))
    mark = browser.get(reverse("confirm")).text.split('name="opened_by" value="')[1].split('"')[0]
    browser.session.flush()
    headers = {"Accept": "text/html", "Origin": "http://testserver"}
    answer = browser.post(reverse("confirm"), {"secret": PASSWORD, "opened_by": mark}, headers=headers)
    assert answer.status_code == 302 and "carried" not in answer.text


def test_wrong_answers_wait_and_stand_in_the_trail_by_their_name(browser_of, lead):
    browser = later(browser_of(with_password(lead)))
    for _ in range(5):
        assert browser.post(reverse("confirm"), {"secret": "not the password"}).status_code == 422
    waits = browser.post(reverse("confirm"), {"secret": PASSWORD})
    assert waits.status_code == 429 and "Too many tries. Wait 1 minute" in waits.text
    assert {(entry.who, entry.deed) for entry in AuditEntry.objects.filter(verb="failed")} == {
        ("Lena Lead", "gave a wrong password or code when asked once more")
    }
