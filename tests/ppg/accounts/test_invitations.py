"""How somebody comes to an account: the first administrator by a command, everybody else by an invitation."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts.joining import actions as joining
from ppg.models import AuditEntry, Invitation, User
from programmes.models import TeamMember
from tests.ppg.accounts.factors import PASSWORD
from tests.races import at_once, refusals

pytestmark = pytest.mark.django_db

NEW = {
    "name": "Nia New",
    "email": "Nia@council.example",
    "role": Role.FACILITATOR,
    "effect_key": "0d9f4a52-3c1b-4b7e-9a65-2f8f8b1f4a10",
}


def link_in(mail_at_once):
    return re.search(r"http://testserver(/join/\S+/)", mail_at_once[-1].body)[1]


def invited(by, **more):
    values = {"name": "Nia New", "email": "nia@council.example", "role": Role.FACILITATOR, **more}
    return joining.invite(**values, by=by, site="http://testserver")


def choose(client, path, password=PASSWORD, again=PASSWORD):
    return client.post(path, {"password1": password, "password2": again})


# --- The first administrator -----------------------------------------------------------------------------


def first_administrator(*args):
    out = StringIO()
    call_command("first_administrator", *args, stdout=out)
    return re.search(r"http://127\.0\.0\.1:8000(/join/\S+/)", out.getvalue())[1]


def test_an_empty_installation_prints_a_link_that_sets_password_and_factor(client, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    path = first_administrator("Ada@Council.example", "--name", "Ada Administrator")
    assert "Hello Ada Administrator. You will sign in with ada@council.example" in client.get(path).text
    assert choose(client, path).headers["Location"] == reverse("home")
    assert client.get(reverse("home")).headers["Location"] == reverse("factor_app")
    ada = User.objects.get()
    assert (ada.role, ada.is_invited) == (Role.ADMINISTRATOR, False)


def test_run_again_it_prints_a_new_link_and_the_old_one_opens_nothing(client, db):
    old, new = first_administrator("ada@council.example"), first_administrator("ada@council.example")
    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert User.objects.count() == 1


def test_a_mistyped_address_keeps_no_link(client, db):
    mistyped = first_administrator("ada@cuoncil.example")
    first_administrator("ada@council.example")
    assert client.get(mistyped).status_code == 404
    assert [user.email for user in User.objects.all()] == ["ada@council.example"]


def test_where_there_is_an_administrator_it_names_them_and_makes_nobody(administrator):
    with pytest.raises(CommandError, match="There is an administrator already, Ada Administrator"):
        first_administrator("eve@elsewhere.example")
    assert User.objects.count() == 1


def test_what_is_no_address_is_refused_in_a_sentence(db):
    with pytest.raises(CommandError, match="“ada” is not an e-mail address"):
        first_administrator("ada")


def test_djangos_own_command_says_which_to_use():
    with pytest.raises(CommandError, match=r"manage\.py first_administrator"):
        call_command("createsuperuser")


# --- Inviting --------------------------------------------------------------------------------------------


def test_an_administrator_invites_with_role_and_groups(browser_of, administrator, cohort, mail_at_once):
    browser = browser_of(administrator)
    assert browser.get(reverse("user_invite")).status_code == 200
    done = browser.post(reverse("user_invite"), {**NEW, "in_groups": [cohort.code]}, follow=True)
    assert "The invitation is on its way." in done.text
    nia = User.objects.get(email="nia@council.example")
    assert nia.is_invited
    assert TeamMember.objects.get(user=nia).cohort == cohort
    assert [mail.to for mail in mail_at_once] == [["nia@council.example"]]
    assert AuditEntry.objects.get(verb="created", what="user").user == administrator


def test_the_same_press_twice_invites_once(browser_of, administrator, mail_at_once):
    browser = browser_of(administrator)
    first, second = (browser.post(reverse("user_invite"), NEW) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert first.headers["Location"] == second.headers["Location"]
    assert len(mail_at_once) == 1


def test_what_was_typed_stays_where_something_is_missing(browser_of, administrator):
    answer = browser_of(administrator).post(reverse("user_invite"), {**NEW, "role": ""})
    assert answer.status_code == 422 and "Choose their role" in answer.text and 'value="Nia New"' in answer.text


def test_somebody_who_has_an_account_is_not_invited(browser_of, administrator, lead):
    answer = browser_of(administrator).post(reverse("user_invite"), {**NEW, "email": lead.email.upper()})
    assert answer.status_code == 422 and "Lena Lead has an account with this address" in answer.text


def test_a_role_without_a_job_in_groups_gets_none(browser_of, administrator, cohort):
    fields = {**NEW, "role": Role.ADMINISTRATOR, "in_groups": [cohort.code]}
    answer = browser_of(administrator).post(reverse("user_invite"), fields)
    assert answer.status_code == 422 and "does not go with a group" in answer.text
    assert not User.objects.filter(email="nia@council.example").exists()


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_invite_one_address_make_one_account(administrator):
    made = at_once(*[lambda: invited(administrator)] * 6)
    assert User.objects.filter(email="nia@council.example").count() == 1
    told = [str(one) for one in refusals(made)]
    assert told == ["Nia New is invited already. You can send the invitation again."] * 5


# --- The link --------------------------------------------------------------------------------------------


def test_the_link_lets_its_person_choose_a_password_once(client, administrator, mail_at_once):
    nia = invited(administrator)
    path = link_in(mail_at_once)
    assert choose(client, path).status_code == 302
    assert client.get(reverse("home")).status_code == 200
    nia.refresh_from_db()
    assert nia.check_password(PASSWORD)
    assert Client().get(path).status_code == 404
    assert choose(Client(), path, "another long sentence", "another long sentence").status_code == 404


def test_opening_it_changes_nothing(client, administrator, mail_at_once):
    """Mail scanners open links before their person does."""
    invited(administrator)
    for _ in range(3):
        assert client.get(link_in(mail_at_once)).status_code == 200
    assert Invitation.objects.get().used_at is None


def test_the_token_is_kept_nowhere(administrator, mail_at_once):
    invited(administrator)
    token = link_in(mail_at_once).split("/")[2]
    assert token not in str(list(Invitation.objects.values()))
    assert token not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize(
    ("password", "again", "sentence"),
    [
        ("too short", "too short", "This password is too short"),
        ("password12345", "password12345", "This password is too common"),
        ("nia@council.example", "nia@council.example", "too similar"),
        ("a long sentence to type", "another sentence to type", "The two passwords are not the same"),
        ("", "", "Choose a password"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_a_sentence(
    client, administrator, mail_at_once, password, again, sentence
):
    invited(administrator)
    answer = choose(client, link_in(mail_at_once), password, again)
    assert answer.status_code == 422 and sentence in answer.text


def test_an_old_a_newer_and_a_made_up_link_look_alike(client, administrator, mail_at_once):
    nia = invited(administrator)
    first = link_in(mail_at_once)
    joining.invite_again(user=nia, by=administrator, site="http://testserver")
    second = link_in(mail_at_once)
    Invitation.objects.filter(revoked_at=None).update(expires_at=timezone.now() - timedelta(minutes=1))
    pages = [client.get(path) for path in (first, second, reverse("join", args=["A" * 22]))]
    assert {page.status_code for page in pages} == {404}
    assert len({re.sub(r'value="[^"]*"', "", page.text) for page in pages}) == 1


def test_an_invitation_sent_again_is_in_the_trail(administrator, mail_at_once):
    nia = invited(administrator)
    entries = AuditEntry.objects.filter(user=administrator, verb="changed", ref=nia.code, fields=["invitation"])
    before = entries.count()
    joining.invite_again(user=nia, by=administrator, site="http://testserver")
    assert entries.count() == before + 1


def test_somebody_who_is_signed_in_on_that_computer_is_signed_out(browser_of, administrator, mail_at_once):
    nia = invited(administrator)
    browser = browser_of(administrator)
    choose(browser, link_in(mail_at_once))
    assert browser.session["_auth_user_id"] == str(nia.pk)


def test_who_has_not_joined_cannot_ask_for_a_new_password(client, administrator, mail_at_once):
    """That link would be a way past the end of the invitation."""
    invited(administrator)
    mail_at_once.clear()
    client.post(reverse("account_reset_password"), {"email": "nia@council.example"})
    assert mail_at_once == []


def test_a_corrected_address_ends_the_link_that_went_to_the_wrong_one(browser_of, administrator, client, mail_at_once):
    nia = invited(administrator, email="nia@wrong.example")
    wrong = link_in(mail_at_once)
    fields = {"name": nia.name, "email": "nia@council.example", "role": nia.role}
    browser_of(administrator).post(reverse("user_change", args=[nia.code]), fields)
    assert client.get(wrong).status_code == 404
    assert mail_at_once[-1].to == ["nia@council.example"] and len(mail_at_once) == 2
    assert client.get(link_in(mail_at_once)).status_code == 200


def test_of_two_who_use_one_link_at_once_the_first_joins(administrator, mail_at_once):
    nia = invited(administrator)
    stale = User.objects.get(pk=nia.pk)  # both have found the link before either pressed
    joining.join(user=nia, password=PASSWORD)
    with pytest.raises(Refused, match="This link has ended"):
        joining.join(user=stale, password="another long sentence")
    stale.refresh_from_db()
    assert stale.check_password(PASSWORD)


def test_who_is_blocked_before_they_joined_is_not_told_that_they_can_sign_in_as_before(
    browser_of, administrator, client, mail_at_once
):
    nia, browser = invited(administrator), browser_of(administrator)
    browser.post(reverse("user_block", args=[nia.code]))
    assert client.get(link_in(mail_at_once[:1])).status_code == 404
    mail_at_once.clear()
    browser.post(reverse("user_unblock", args=[nia.code]))
    assert mail_at_once == []
    assert "their link has ended" in browser.get(reverse("user", args=[nia.code])).text


# --- Taking back -----------------------------------------------------------------------------------------


def test_taken_back_nothing_of_who_never_came_stays(browser_of, client, administrator, cohort, mail_at_once):
    nia = invited(administrator, in_groups=[cohort.code])
    browser = browser_of(administrator)
    page = reverse("user_take_back", args=[nia.code])
    assert "Cancel the invitation of Nia New?" in browser.get(page).text
    assert browser.post(page).headers["Location"] == reverse("users")
    assert not User.objects.filter(email="nia@council.example").exists()
    assert client.get(link_in(mail_at_once)).status_code == 404


def test_who_has_joined_is_blocked_instead(browser_of, administrator, lead):
    answer = browser_of(administrator).post(reverse("user_take_back", args=[lead.code]))
    assert answer.status_code == 409 and "has joined already" in answer.text


def test_the_only_lead_of_a_group_is_not_taken_back(browser_of, administrator, cohort, lead):
    nia = invited(administrator, role=Role.LEAD, in_groups=[cohort.code])
    cohort.team.filter(user=lead).delete()
    answer = browser_of(administrator).post(reverse("user_take_back", args=[nia.code]))
    assert answer.status_code == 409 and "Hand over what they have open first" in answer.text
    assert User.objects.filter(pk=nia.pk).exists()
