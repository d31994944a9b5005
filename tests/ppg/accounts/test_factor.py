"""The second factor: set up before any other page, asked at every sign-in, and no way round it."""

import threading
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from ppg.accounts.factor import actions, codes
from ppg.accounts.passwords import actions as passwords
from ppg.accounts.sessions import end_all
from ppg.models import AuditEntry, User
from tests.guards.urls import every_url
from tests.ppg.accounts.factors import (
    code_for,
    code_of,
    give_code,
    give_password,
    is_signed_in,
    recovery_code_of,
    with_app,
    with_password,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def secret_on(page):
    return page.context["secret"].replace(" ", "")


# --- Setting up ------------------------------------------------------------------------------------------


def test_who_has_none_sets_one_up_before_any_other_page_opens(client, strict, lead):
    give_password(client, with_password(lead))
    assert client.get(reverse("home")).headers["Location"] == reverse("factor_app")
    page = client.get(reverse("factor_app"))
    assert 'aria-label="Menu"' not in page.text
    done = client.post(reverse("factor_app"), {"code": code_for(secret_on(page))})
    assert done.headers["Location"] == reverse("recovery_codes")
    assert client.get(reverse("home")).status_code == 200


def test_a_wrong_code_sets_nothing_up_and_the_app_need_not_be_scanned_again(client, strict, lead):
    give_password(client, with_password(lead))
    before = secret_on(client.get(reverse("factor_app")))
    answer = client.post(reverse("factor_app"), {"code": "000000"})
    assert answer.status_code == 422 and "not the code that the app shows" in answer.text
    assert secret_on(answer) == before
    assert not codes.is_set_up(lead)


def test_the_secret_lies_encrypted_in_session_and_database(client, strict, lead):
    give_password(client, with_password(lead))
    secret = secret_on(client.get(reverse("factor_app")))
    assert secret not in str(dict(client.session.items()))
    client.post(reverse("factor_app"), {"code": code_for(secret)})
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_the_code_that_set_the_app_up_does_not_sign_in(client, strict, lead):
    give_password(client, with_password(lead))
    code = code_for(secret_on(client.get(reverse("factor_app"))))
    client.post(reverse("factor_app"), {"code": code})
    thief = Client()
    give_password(thief, lead)
    assert give_code(thief, code).status_code == 422
    assert not is_signed_in(thief)


def test_recovery_codes_are_shown_until_they_are_kept_and_never_again(client, strict, lead):
    give_password(client, with_password(lead))
    client.post(reverse("factor_app"), {"code": code_for(secret_on(client.get(reverse("factor_app"))))})
    first = recovery_code_of(lead)
    shown = f"{first[:4]} {first[4:]}"
    assert shown in client.get(reverse("recovery_codes")).text
    assert shown in client.get(reverse("recovery_codes")).text  # a reload loses nothing
    assert client.post(reverse("recovery_codes")).headers["Location"] == reverse("home")
    assert shown not in client.get(reverse("recovery_codes")).text


def test_another_browser_with_the_password_alone_is_out_once_there_is_a_factor(client, strict, lead):
    with_password(lead)
    thief = Client()
    give_password(thief, lead)
    assert thief.get(reverse("factor_app")).status_code == 200
    give_password(client, lead)
    client.post(reverse("factor_app"), {"code": code_for(secret_on(client.get(reverse("factor_app"))))})
    assert thief.get(reverse("factor_app")).headers["Location"].startswith(reverse("account_login"))
    assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_outside_production_nobody_needs_one(client, lead):
    give_password(client, with_password(lead))
    assert client.get(reverse("home")).status_code == 200


# --- Asked at sign-in ------------------------------------------------------------------------------------


def test_password_and_code_sign_in(client, strict, lead):
    assert give_password(client, with_app(lead)).headers["Location"] == reverse("mfa_authenticate")
    assert "One more step" in client.get(reverse("mfa_authenticate")).text
    assert give_code(client, code_of(lead)).headers["Location"] == reverse("home")
    assert is_signed_in(client)
    assert AuditEntry.objects.filter(verb="signed in", user=lead).count() == 1


def test_where_one_wanted_to_go_is_where_one_arrives(client, strict, lead):
    give_password(client, with_app(lead), next=reverse("gallery"))
    assert give_code(client, code_of(lead)).headers["Location"] == reverse("gallery")


def test_a_code_of_another_time_and_a_made_up_one_are_refused_in_a_sentence(client, strict, lead, clock):
    give_password(client, with_app(lead))
    for code in (code_of(lead, -1), code_of(lead, +1), "123"):
        answer = give_code(client, code)
        assert answer.status_code == 422 and "This code is not right" in answer.text
    assert not is_signed_in(client)


def test_a_code_with_a_space_in_it_is_read(client, strict, lead):
    give_password(client, with_app(lead))
    code = code_of(lead)
    assert give_code(client, f" {code[:3]} {code[3:]} ").status_code == 302


def test_a_code_counts_once(client, strict, lead):
    code = code_of(with_app(lead))
    give_password(client, lead)
    assert give_code(client, code).status_code == 302
    second = Client()
    give_password(second, lead)
    assert give_code(second, code).status_code == 422
    assert not is_signed_in(second)


def test_the_next_code_counts(client, strict, lead, clock):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    second = Client()
    give_password(second, lead)
    clock.forward(30)
    assert give_code(second, code_of(lead)).status_code == 302


def test_a_recovery_code_counts_once_and_its_owner_is_told(client, strict, lead, mail_at_once):
    code = recovery_code_of(with_app(lead))
    give_password(client, lead)
    assert give_code(client, code).status_code == 302
    second = Client()
    give_password(second, lead)
    assert give_code(second, code).status_code == 422
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    assert len(codes.recovery(lead).get_unused_codes()) == 9


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery"])
def test_of_many_who_send_one_code_at_once_one_is_let_in(strict, lead, kind):
    with_app(lead)
    code = code_of(lead) if kind == "app" else recovery_code_of(lead)
    accepted, start = [], threading.Barrier(8)

    def send():
        start.wait()
        accepted.append(codes.accept(lead, code) is not None)
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(accepted) == [False] * 7 + [True]


def test_what_was_typed_goes_along_past_both_questions(client, strict, lead, cohort):
    """A form that came too late is carried by the page with the password and by the one with the code."""
    browser = Client()
    give_password(browser, with_app(lead))
    give_code(browser, code_of(lead))
    page = browser.get(reverse("caregivers:add", args=[cohort.code]))
    mark = page.text.split('name="opened_by" value="')[1].split('"')[0]
    browser.session.flush()
    headers = {"Accept": "text/html", "Origin": "http://testserver"}
    fields = {"name": "Sam Example of Ipswich", "opened_by": mark}
    asked = browser.post(reverse("caregivers:add", args=[cohort.code]), fields, headers=headers)
    sealed = asked.text.split('name="carried" value="')[1].split('"')[0]
    question = browser.post(
        reverse("account_login"), {"login": lead.email, "password": "a long sentence to type", "carried": sealed}
    )
    assert "One more step" in question.text and sealed in question.text
    wrong = give_code(browser, "000000", carried=sealed)
    assert wrong.status_code == 422 and sealed in wrong.text
    right = browser.post(
        reverse("mfa_authenticate"), {"code": recovery_code_of(lead), "carried": sealed}, headers=headers
    )
    assert "Sam Example of Ipswich" in right.text


def test_the_page_drawn_in_place_sends_the_code_where_codes_are_read(client, strict, lead):
    """What was typed is carried by the page at the address of the password; its form leads on."""
    give_password(client, with_app(lead))
    page = client.get(reverse("mfa_authenticate")).text
    assert f'action="{reverse("mfa_authenticate")}"' in page


@pytest.mark.parametrize(
    "end",
    [
        lambda user: passwords.choose(user=user, password="quite another sentence", by=user),
        end_all,
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    ],
    ids=["a new password", "signed out everywhere", "blocked"],
)
def test_a_half_finished_sign_in_ends_as_every_session_does(client, strict, lead, end):
    give_password(client, with_app(lead))
    end(lead)
    assert give_code(client, code_of(lead)).headers["Location"] == reverse("account_login")
    assert not is_signed_in(client)


def test_somebody_else_starts_again(client, strict, lead):
    give_password(client, with_app(lead))
    assert client.post(reverse("sign_in_again")).headers["Location"] == reverse("account_login")
    assert client.get(reverse("account_login")).status_code == 200
    assert give_code(client, code_of(lead)).headers["Location"] == reverse("account_login")


def test_a_used_recovery_code_is_told_from_a_wrong_code_of_the_app(client, strict, lead):
    give_password(client, with_app(lead))
    assert "Take the next one on your list" in give_code(client, "1234 5678").text
    assert "Wait for the next one" in give_code(client, "123456").text


@pytest.mark.parametrize("credential", ["[" * 9000, "1", "[]", "{}", '{"response": 1}', "x" * 30_000, "null"])
def test_what_no_browser_says_is_no_passkey_and_no_fault(client, strict, lead, credential):
    give_password(client, with_app(lead))
    assert client.post(reverse("mfa_authenticate"), {"credential": credential}).status_code == 422


def test_a_recovery_code_that_is_used_while_its_owner_keeps_the_list_counts_once(lead):
    code = recovery_code_of(with_app(lead))
    assert codes.accept(lead, code)
    actions.keep_recovery_codes(user=lead)
    assert codes.accept(lead, code) is None


# --- No way round it -------------------------------------------------------------------------------------


def addresses():
    """Every address of staff, with any code in it."""
    from ppg.access.marks import PUBLIC

    for name, view in every_url():
        if getattr(view, "access", PUBLIC) != PUBLIC:
            for args in ([], ["A" * 22], ["A" * 22] * 2, ["A" * 22] * 3):
                try:
                    yield name, reverse(name, args=args)
                    break
                except Exception:  # noqa: S112  another number of codes
                    continue


AWAY = {"account_logout", "sign_out_everywhere", "confirm", "factor_app", "factor_passkey", "stay", "stay_for"}


def test_with_the_password_only_every_address_leads_to_the_factor(client, strict, lead):
    give_password(client, with_password(lead))
    where = {name: client.get(path).headers.get("Location") for name, path in addresses() if name not in AWAY}
    assert len(where) > 150
    assert where == dict.fromkeys(where, reverse("factor_app"))


def test_between_password_and_code_every_address_asks_to_sign_in(client, strict, lead):
    give_password(client, with_app(lead))
    answers = {name: client.get(path).headers.get("Location", "") for name, path in addresses()}
    let_in = [name for name, location in answers.items() if not location.startswith(reverse("account_login"))]
    assert let_in == []


def test_a_session_from_before_the_factor_was_required_is_asked_for_one(client, settings, lead):
    give_password(client, with_password(lead))
    assert is_signed_in(client)
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get(reverse("home")).headers["Location"] == reverse("factor_app")


def test_the_mark_of_somebody_elses_factor_is_worth_nothing(client, strict, lead, facilitator):
    give_password(client, with_password(lead))
    session = client.session
    session["factor"] = facilitator.code
    session.save()
    assert client.get(reverse("home")).headers["Location"] == reverse("factor_app")


def test_a_new_password_by_e_mail_skips_no_factor(client, strict, lead, mail_at_once):
    with_app(lead)
    client.post(reverse("account_reset_password"), {"email": lead.email})
    path = next(word for word in mail_at_once[0].body.split() if "/password/new/" in word).removeprefix(
        "http://testserver"
    )
    page = client.get(path, follow=True)
    new = "three words that fit nowhere"
    client.post(page.request["PATH_INFO"], {"password1": new, "password2": new})
    assert not is_signed_in(client)
    assert codes.is_set_up(lead)
    answer = client.post(reverse("account_login"), {"login": lead.email, "password": new})
    assert answer.headers["Location"] == reverse("mfa_authenticate")


def test_who_has_no_factor_yet_can_leave(client, strict, lead):
    give_password(client, with_password(lead))
    client.post(reverse("account_logout"))
    assert client.get(reverse("factor_app")).headers["Location"].startswith(reverse("account_login"))


def test_who_takes_long_to_find_an_app_is_asked_and_goes_on(client, strict, lead):
    give_password(client, with_password(lead))
    session = client.session
    session["confirmed"] -= 11 * 60
    session.save()
    asked = client.get(reverse("factor_app"))
    assert asked.headers["Location"].startswith(reverse("confirm"))
    assert client.get(asked.headers["Location"]).status_code == 200
    done = client.post(reverse("confirm"), {"secret": "a long sentence to type", "next": reverse("factor_app")})
    assert done.headers["Location"] == reverse("factor_app")
    assert client.get(reverse("factor_app")).status_code == 200


# --- Taking away -----------------------------------------------------------------------------------------


def test_the_only_factor_stays(client, strict, lead):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    page = client.get(reverse("factor_remove", args=["app"]))
    assert "only second factor" in page.text
    assert client.post(reverse("factor_remove", args=["app"])).status_code == 409
    assert codes.is_set_up(lead)


def test_another_app_takes_the_place_of_the_first(client, strict, lead, clock):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    old = code_of(lead, 1)
    clock.forward(30)
    secret = secret_on(client.get(reverse("factor_app")))
    client.post(reverse("factor_app"), {"code": code_for(secret)})
    assert Authenticator.objects.filter(user=lead, type="totp").count() == 1
    assert codes.accept(lead, old) is None


def test_one_of_two_goes_and_the_other_stays(client, strict, lead, mail_at_once):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    data = {"name": "Key", "credential": {}, "code": "A" * 22}
    Authenticator.objects.create(user=lead, type="webauthn", data=data)
    assert client.get(reverse("factor_remove", args=["A" * 22])).status_code == 200
    assert client.post(reverse("factor_remove", args=["A" * 22])).headers["Location"] == reverse("account")
    assert [row.type for row in codes.of(lead)] == ["totp"]
    assert [mail.to for mail in mail_at_once] == [[lead.email]]


def test_with_the_last_factor_its_recovery_codes_go_where_none_is_required(client, lead):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    client.post(reverse("factor_remove", args=["app"]))
    assert not Authenticator.objects.filter(user=lead).exists()


def test_new_recovery_codes_end_the_old_ones(client, strict, lead):
    give_password(client, with_app(lead))
    give_code(client, code_of(lead))
    old = recovery_code_of(lead)
    client.post(reverse("recovery_codes_new"))
    assert codes.accept(lead, old) is None
    assert codes.accept(lead, recovery_code_of(lead)) is not None


def test_an_administrator_resets_it_for_somebody_else_and_that_is_recorded(
    browser_of, strict, administrator, lead, mail_at_once
):
    phone = Client()
    give_password(phone, with_app(lead))
    give_code(phone, code_of(lead))
    admin = Client()
    give_password(admin, with_app(administrator))
    give_code(admin, code_of(administrator))
    assert admin.get(reverse("user_factor", args=[lead.code])).status_code == 200
    assert admin.post(reverse("user_factor", args=[lead.code])).status_code == 302
    assert not is_signed_in(phone)
    assert not Authenticator.objects.filter(user=lead).exists()
    entry = AuditEntry.objects.get(ref=lead.code, verb="changed")
    assert (entry.user, entry.fields) == (administrator, ["reset", "second factor"])
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    give_password(phone, lead)
    assert phone.get(reverse("home")).headers["Location"] == reverse("factor_app")


def test_nobody_resets_their_own(strict, administrator):
    admin = Client()
    give_password(admin, with_app(administrator))
    give_code(admin, code_of(administrator))
    assert "cannot reset your own" in admin.get(reverse("user_factor", args=[administrator.code])).text
    assert admin.post(reverse("user_factor", args=[administrator.code])).status_code == 409
    assert codes.is_set_up(administrator)


def test_the_command_on_the_server_helps_the_only_administrator(administrator, mail_at_once):
    with_app(administrator)
    call_command("reset_factor", administrator.email.upper(), stdout=StringIO())
    assert not codes.is_set_up(administrator)
    assert [mail.to for mail in mail_at_once] == [[administrator.email]]
    entry = AuditEntry.objects.get(ref=administrator.code)
    assert (entry.user, entry.who) == (None, "A command on the server")
    with pytest.raises(CommandError, match="has no second factor yet"):
        call_command("reset_factor", administrator.email)
    with pytest.raises(CommandError, match="Nobody signs in with"):
        call_command("reset_factor", "nobody@council.example")
