"""The sign-in has ended while somebody was typing: nothing is lost, and nobody else reads it or sends it."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from evaluation.models import Recommendation
from ppg.encryption import crypto
from ppg.forms import carried
from ppg.models import AuditEntry
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PASSWORD = "a long sentence to type"
WORDS = "Ring grandparents first,\r\nthen “write” to <them>"
LIKE_A_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Origin": "http://testserver"}


@pytest.fixture
def url(cohort):
    return reverse("evaluation:recommendations", args=[cohort.code])


@pytest.fixture
def second(cohort):
    """Another lead of the same group, at the same computer."""
    user = UserFactory(role="lead", name="Ben Second", email="ben@council.example")
    cohort.team.create(user=user, job="lead")
    return user


@pytest.fixture
def desk(lead, second):
    """A browser with the CSRF check on; Lena has signed in by the form."""
    for user in (lead, second):
        user.set_password(PASSWORD)
        user.save()
    client = Client(enforce_csrf_checks=True, headers=LIKE_A_BROWSER)
    sign_in(client, client.get(reverse("account_login")), lead)
    return client


def form_on(page, has: str) -> tuple[str, dict[str, str]]:
    """Where the page's form with this in it goes, and the hidden fields it brings."""
    [form] = [form for form in re.findall(r"<form.*?</form>", page.text, re.S) if has in form]
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?', form)
    action = re.match(r'<form[^>]* action="([^"]*)"', form)
    return unescape(action[1]) if action else "", {name: unescape(value) for name, value in hidden}


def typed(client, url: str) -> dict[str, str]:
    """The form as its page gave it, filled in."""
    return form_on(client.get(url), "Keep this recommendation")[1] | {"text": WORDS, "owner": "Family support"}


def sign_in(client, page, user, password=PASSWORD):
    action, hidden = form_on(page, 'name="password"')
    return client.post(action, hidden | {"login": user.email, "password": password})


def send_again(client, page):
    action, hidden = form_on(page, "Send it again")
    return client.post(action, hidden)


def signed_out(client) -> None:
    """Half an hour without a page."""
    session = client.session
    session["seen"] -= 31 * 60
    session.save()


def sign_out(client) -> None:
    """In another tab: the browser's token for forms stays."""
    client.cookies.pop(settings.SESSION_COOKIE_NAME)


def kept() -> list[str]:
    return list(Recommendation.objects.values_list("text", flat=True))


# --- Nothing is lost ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["half an hour without a page", "signed out in another tab", "no cookie is left"])
def test_what_was_typed_is_there_after_signing_in_and_goes_with_one_press(desk, url, lead, how):
    form = typed(desk, url)
    if how == "no cookie is left":
        desk.cookies.clear()
    elif how == "half an hour without a page":
        signed_out(desk)
    else:
        sign_out(desk)
    page = desk.post(url, form)
    assert page.status_code == 403 and "You were signed out before this was saved" in page.text
    assert "grandparents" not in page.text, "whoever sits there next reads nothing"
    page = sign_in(desk, page, lead)
    assert page.status_code == 200 and "What you typed is here" in page.text
    assert settings.DEVICE_COOKIE_NAME in page.cookies, "the device is known from now on"
    assert "Ring grandparents first,<br>then “write” to &lt;them&gt;" in page.text
    assert kept() == [], "nothing is sent without a press"
    assert send_again(desk, page).headers["Location"] == url
    assert kept() == [WORDS.replace("\r\n", "\n")]


def test_every_field_arrives_as_it_was_typed_and_the_page_without_cookies_is_left_alone(desk, url, lead):
    form = typed(desk, f"{url}?change=none") | {"do": "save", "several": ["1", "two"], "empty": ""}
    signed_out(desk)
    page = sign_in(desk, desk.post(f"{url}?change=none", form), lead)
    action, _hidden = form_on(page, "Send it again")
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text.split("Send it again")[0])
    sent = [(name, unescape(value)) for name, value in fields]
    assert action == f"{url}?change=none"
    assert {("text", WORDS), ("do", "save"), ("several", "1"), ("several", "two"), ("empty", "")} <= set(sent)
    assert dict(sent)["csrfmiddlewaretoken"] != form["csrfmiddlewaretoken"]


def test_one_press_one_effect_although_it_is_sent_again_and_again(desk, url, lead):
    form = typed(desk, url)
    desk.post(url, form)
    signed_out(desk)
    page = sign_in(desk, desk.post(url, form), lead)
    for _press in range(2):
        assert send_again(desk, page).status_code == 302
    assert len(kept()) == 1


def test_a_wrong_password_loses_nothing(desk, url, lead):
    form = typed(desk, url)
    signed_out(desk)
    page = desk.post(url, form)
    for _try in range(2):
        page = sign_in(desk, page, lead, "not the password")
        assert "is not right" in page.text
    assert "grandparents first" in sign_in(desk, page, lead).text


def test_whoever_signed_in_again_in_another_tab_sends_it_with_one_press(desk, url, lead):
    form = typed(desk, url)
    signed_out(desk)
    sign_in(desk, desk.get(reverse("account_login")), lead)
    page = desk.post(url, form)
    assert page.status_code == 403 and "grandparents first" in page.text and kept() == []
    assert send_again(desk, page).status_code == 302 and len(kept()) == 1


def test_the_sign_in_page_keeps_it_although_somebody_signed_in_beside_it(desk, url, lead):
    form = typed(desk, url)
    signed_out(desk)
    page = desk.post(url, form)
    sign_in(desk, desk.get(reverse("account_login")), lead)
    assert "grandparents first" in sign_in(desk, page, lead).text
    signed_out(desk)
    page = sign_in(desk, page, lead)
    assert "locked for everybody else" in page.text, "its token is old, and nobody is signed in: once more"
    assert "grandparents first" in sign_in(desk, page, lead).text


def test_signed_out_once_more_before_the_press(desk, url, lead):
    form = typed(desk, url)
    signed_out(desk)
    page = sign_in(desk, desk.post(url, form), lead)
    desk.cookies.clear()
    page = sign_in(desk, send_again(desk, page), lead)
    assert send_again(desk, page).status_code == 302 and len(kept()) == 1


def test_a_press_without_words_is_sent_again_too(desk, url, lead):
    desk.post(url, typed(desk, url))
    remove, form = form_on(desk.get(url), "Remove")
    signed_out(desk)
    page = sign_in(desk, desk.post(remove, form, headers={"Referer": f"http://testserver{url}?page=1"}), lead)
    assert "What you pressed was not done yet" in page.text and len(kept()) == 1
    assert f'href="{url}?page=1">Do not send it' in page.text
    assert send_again(desk, page).status_code == 302 and kept() == []


def test_files_are_named_as_not_kept(desk, url, lead):
    form = typed(desk, url) | {"upload": SimpleUploadedFile("list.csv", b"Ann Example")}
    signed_out(desk)
    page = sign_in(desk, desk.post(url, form), lead)
    assert "Files are not kept" in page.text and "grandparents first" in page.text


def test_what_is_too_large_is_told_at_once(desk, url, lead, monkeypatch):
    monkeypatch.setattr(carried, "MOST_BYTES", 200)
    form = typed(desk, url)
    signed_out(desk)
    page = desk.post(url, form)
    assert page.status_code == 403 and "too large to be kept" in page.text
    assert carried.SEALED not in form_on(page, 'name="password"')[1]
    assert sign_in(desk, page, lead).headers["Location"] == url


def test_the_largest_that_is_carried_fits_through_the_sign_in_form(desk, url, lead):
    form = typed(desk, url) | {"text": "ß " * (carried.MOST_BYTES // 3 - 500)}
    signed_out(desk)
    page = sign_in(desk, desk.post(url, form), lead)
    assert "What you typed is here" in page.text
    assert send_again(desk, page).status_code == 422, "the form's own limit speaks"


def test_each_form_of_staff_says_who_opened_it_and_no_form_of_a_stranger_does(desk, stranger, url, lead):
    desk.post(url, typed(desk, url))
    page = desk.get(url)  # a crispy form, buttons, signing out
    assert page.text.count(f'name="{carried.MARK}"') == page.text.count("<form") >= 3
    assert lead.code not in carried.mark(lead).split(":")[1] and carried.marked(carried.mark(lead)) == lead.code
    assert carried.MARK not in stranger.get(reverse("account_login")).text


# --- Nobody else gets it -----------------------------------------------------------------------------


def test_another_person_who_signs_in_reads_nothing_and_is_told(desk, url, lead, second):
    form = typed(desk, url)
    signed_out(desk)
    page = desk.post(url, form)
    answer = sign_in(desk, page, second)
    assert answer.headers["Location"] == url, "to the page, and no further"
    page = desk.get(url)
    assert "What was typed here before cannot be opened" in page.text
    assert "grandparents" not in page.text and kept() == []


def test_whoever_is_signed_in_now_does_not_get_what_was_typed_before_them(desk, url, lead, second):
    form = typed(desk, url)
    sign_out(desk)
    sign_in(desk, desk.get(reverse("account_login")), second)
    page = desk.post(url, form)
    assert page.status_code == 403 and "Somebody else is signed in here now" in page.text
    assert "grandparents" not in page.text and kept() == []
    action, hidden = form_on(page, "Sign out and sign in as myself")
    page = desk.post(action, hidden)
    assert "_auth_user_id" not in desk.session and "grandparents" not in page.text
    assert "grandparents first" in sign_in(desk, page, lead).text


def test_after_a_day_it_opens_for_nobody(desk, url, lead, monkeypatch):
    form = typed(desk, url)
    signed_out(desk)
    page = desk.post(url, form)
    monkeypatch.setattr(carried, "KEPT_SECONDS", -1)
    assert sign_in(desk, page, lead).headers["Location"] == url
    assert "more than a day old" in desk.get(url).text


SEALED = ["made up", crypto.encrypt("a name"), crypto.encrypt('{"by": "x"}'), "é"]


@pytest.mark.parametrize("sealed", SEALED, ids=["made up", "a name", "a form of nobody", "a letter"])
def test_nothing_else_opens_as_what_was_typed(desk, lead, sealed):
    sign_out(desk)
    action, hidden = form_on(desk.get(reverse("account_login")), 'name="password"')
    answer = desk.post(action, hidden | {carried.SEALED: sealed, "login": lead.email, "password": PASSWORD})
    assert answer.headers["Location"] == reverse("home")


def test_passwords_are_never_carried(desk, lead):
    url = reverse("account_change_password")
    form = form_on(desk.get(url), 'name="oldpassword"')[1] | {
        "oldpassword": PASSWORD,
        "password1": "x",
        "password2": "x",
    }
    sign_out(desk)
    answer = desk.post(url, form)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))


def test_a_field_that_is_called_a_password_is_carried_nowhere(desk, url):
    form = typed(desk, url) | {"new_password": PASSWORD}
    sign_out(desk)
    assert desk.post(url, form).status_code == 302


def test_signing_out_after_the_session_has_ended_asks_for_nothing(desk, url):
    action, hidden = form_on(desk.get(url), "data-sign-out")
    sign_out(desk)
    assert desk.post(action, hidden).status_code == 302


def test_it_lies_nowhere_on_the_server_and_leaves_no_trace(desk, url, lead):
    form = typed(desk, url)
    sign_out(desk)
    before = AuditEntry.objects.count()
    page = desk.post(url, form)
    assert AuditEntry.objects.count() == before and settings.SESSION_COOKIE_NAME not in desk.cookies
    sign_in(desk, page, lead)
    assert AuditEntry.objects.latest("id").verb == "signed in" and AuditEntry.objects.count() == before + 1
    assert "grandparents" not in str(dict(desk.session.items()))


# --- Nobody makes somebody else send a form ----------------------------------------------------------


@pytest.mark.parametrize(
    "sent_by",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "", "Referer": "https://evil.example/"}],
)
def test_what_a_foreign_site_sends_is_not_carried(desk, url, sent_by):
    form = typed(desk, url)
    sign_out(desk)
    assert desk.post(url, form, headers=sent_by).status_code in (302, 403)
    page = desk.post(url, form, headers=sent_by)
    assert carried.SEALED not in page.text and "grandparents" not in page.text
    desk.cookies.clear()
    page = desk.post(url, form, headers=sent_by)
    assert page.status_code == 403 and carried.SEALED not in page.text and "Nothing was saved" in page.text


@pytest.mark.parametrize("mark", ["", "made up", "AAAAAAAAAAAAAAAAAAAAAA:AAAA"])
def test_a_form_that_nobody_opened_is_not_carried(desk, url, lead, mark):
    form = typed(desk, url) | {carried.MARK: mark}
    sign_out(desk)
    assert desk.post(url, form).headers["Location"] == f"{reverse('account_login')}?next={url}"
    sign_in(desk, desk.get(reverse("account_login")), lead)
    page = desk.post(url, form)
    assert page.status_code == 403 and "open the page again" in page.text and "grandparents" not in page.text


def test_a_page_without_an_origin_is_known_by_its_referrer(desk, url):
    form = typed(desk, url)
    sign_out(desk)
    assert desk.post(url, form, headers={"Origin": "", "Referer": f"http://testserver{url}"}).status_code == 403


@pytest.mark.parametrize("page", ["https://evil.example/x", "http://testserver//evil.example", "nonsense", "http://[x"])
def test_the_way_back_stays_with_us(desk, url, page):
    form = typed(desk, url)
    sign_out(desk)
    way = form_on(desk.post(url, form, headers={"Referer": page}), 'name="password"')[1]["next"]
    assert way.startswith("/") and not way.startswith("//")


# --- Everything else is as it was --------------------------------------------------------------------


def test_whoever_opens_a_page_is_led_to_sign_in_and_back(desk, url, lead):
    sign_out(desk)
    answer = desk.get(url)
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={url}"
    assert sign_in(desk, desk.get(answer.headers["Location"]), lead).headers["Location"] == url


@pytest.mark.parametrize("accept", ["application/json", "*/*", ""])
def test_scripts_get_the_answer_they_know(desk, url, lead, accept):
    form, headers = typed(desk, url), {"Accept": accept}
    sign_out(desk)
    answer = desk.post(url, form, headers=headers)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    sign_in(desk, desk.get(reverse("account_login")), lead)
    answer = desk.post(url, form, headers=headers)
    assert answer.status_code == 403 and "grandparents" not in answer.text
    assert "somebody has signed in here since this page was opened" in answer.text


def test_public_pages_carry_nothing(client, url):
    answer = Client(enforce_csrf_checks=True, headers=LIKE_A_BROWSER).post(reverse("account_login"), {"login": "a"})
    assert answer.status_code == 403 and "your browser keeps no cookies" in answer.text
