"""What an administrator does with accounts, and what its person notices with their next request."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts.joining import actions as joining
from ppg.accounts.staff import actions
from ppg.audit_trail import database_grants
from ppg.models import AuditEntry, User
from tests.factories import UserFactory
from tests.ppg.accounts.factors import PASSWORD, give_password, is_signed_in, with_app, with_password
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(browser_of, administrator):
    return browser_of(administrator)


def values(user, **changes):
    return {"name": user.name, "email": user.email, "role": user.role, **changes}


def test_the_list_says_of_everybody_whether_their_account_opens(admin, lead, facilitator):
    User.objects.filter(pk=lead.pk).update(is_active=False)
    User.objects.filter(pk=facilitator.pk).update(joined_at=None)
    page = admin.get(reverse("users")).text
    assert all(word in page for word in ("Blocked", "Invited", "Can sign in"))


def test_the_list_costs_the_same_with_more_people(admin, same_queries):
    same_queries(admin, reverse("users"), lambda: UserFactory.create_batch(3))


def test_a_person_has_a_page_with_what_can_be_done(admin, lead):
    page = admin.get(reverse("user", args=[lead.code]))
    assert page.status_code == 200
    assert reverse("user_block", args=[lead.code]) in page.text
    assert "has no second factor yet" in page.text


# --- Changing --------------------------------------------------------------------------------------------


def test_a_new_role_ends_every_session_on_the_next_request_and_is_told(admin, browser_of, lead, mail_at_once):
    desk, phone = browser_of(lead), browser_of(lead)
    page = reverse("user_change", args=[lead.code])
    assert admin.get(page).status_code == 200
    assert admin.post(page, values(lead, role=Role.FACILITATOR)).headers["Location"] == reverse(
        "user", args=[lead.code]
    )
    assert not is_signed_in(desk) and not is_signed_in(phone)
    lead.refresh_from_db()
    assert lead.role == Role.FACILITATOR
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    assert AuditEntry.objects.get(ref=lead.code).fields == ["role"]


def test_a_new_address_is_told_to_both_and_signs_in(admin, lead, mail_at_once):
    with_password(lead)
    admin.post(reverse("user_change", args=[lead.code]), values(lead, email="Lena.Lead@council.example"))
    assert sorted(mail.to[0] for mail in mail_at_once) == ["lena.lead@council.example", "lena@council.example"]
    old = Client()
    give_password(old, lead)
    assert not is_signed_in(old)
    lead.refresh_from_db()
    new = Client()
    give_password(new, lead)
    assert is_signed_in(new)


def test_an_address_that_somebody_has_is_refused(admin, lead, facilitator):
    answer = admin.post(reverse("user_change", args=[lead.code]), values(lead, email=facilitator.email))
    assert answer.status_code == 422 and "Somebody else has this address" in answer.text


def test_nothing_changed_ends_no_session(admin, browser_of, lead, mail_at_once):
    desk = browser_of(lead)
    admin.post(reverse("user_change", args=[lead.code]), values(lead))
    assert is_signed_in(desk) and mail_at_once == []


# --- Blocking --------------------------------------------------------------------------------------------


def test_who_is_blocked_is_out_with_the_next_request_and_cannot_come_back(admin, browser_of, lead, mail_at_once):
    with_password(lead)
    desk = browser_of(lead)
    assert admin.get(reverse("user_block", args=[lead.code])).status_code == 200
    admin.post(reverse("user_block", args=[lead.code]))
    assert not is_signed_in(desk)
    again = Client()
    give_password(again, lead)
    assert not is_signed_in(again)
    assert [mail.to for mail in mail_at_once] == [[lead.email]]
    assert AuditEntry.objects.get(ref=lead.code, verb="changed").fields == ["blocked"]


def test_unblocked_they_sign_in_as_before(admin, lead):
    with_password(lead)
    admin.post(reverse("user_block", args=[lead.code]))
    admin.post(reverse("user_unblock", args=[lead.code]))
    browser = Client()
    give_password(browser, lead)
    assert is_signed_in(browser)


def test_a_session_from_before_the_block_stays_out_after_it(admin, browser_of, lead):
    desk = browser_of(lead)
    admin.post(reverse("user_block", args=[lead.code]))
    admin.post(reverse("user_unblock", args=[lead.code]))
    assert not is_signed_in(desk)


def test_nobody_blocks_themselves_or_changes_their_own_role(admin, administrator):
    """So whoever presses is still an administrator afterwards, and nobody gives themselves what others may read."""
    UserFactory(name="Oz Other", role=Role.ADMINISTRATOR)
    assert "cannot block yourself" in admin.get(reverse("user_block", args=[administrator.code])).text
    assert admin.post(reverse("user_block", args=[administrator.code])).status_code == 422
    answer = admin.post(
        reverse("user_change", args=[administrator.code]), values(administrator, role=Role.SAFEGUARDING)
    )
    assert answer.status_code == 422 and "cannot change your own role" in answer.text
    administrator.refresh_from_db()
    assert administrator.role == Role.ADMINISTRATOR and administrator.is_active


def test_who_is_no_administrator_any_more_does_nothing_in_a_request_on_its_way(administrator, lead):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(Refused, match="not an administrator any more"):
        actions.block(user=lead, by=administrator)
    lead.refresh_from_db()
    assert lead.is_active


# --- Nobody becomes somebody else ------------------------------------------------------------------------


def test_whoever_changed_an_address_does_not_reset_the_factor_of_the_same_person(
    admin, administrator, browser_of, lead
):
    with_app(lead)
    admin.post(reverse("user_change", args=[lead.code]), values(lead, email="mine@elsewhere.example"))
    answer = admin.post(reverse("user_factor", args=[lead.code]))
    assert answer.status_code == 409 and "another administrator" in answer.text
    second = UserFactory(name="Oz Other", role=Role.ADMINISTRATOR)
    assert browser_of(second).post(reverse("user_factor", args=[lead.code])).status_code == 302


def test_nor_the_other_way_round(admin, lead):
    with_app(lead)
    admin.post(reverse("user_factor", args=[lead.code]))
    answer = admin.post(reverse("user_change", args=[lead.code]), values(lead, email="mine@elsewhere.example"))
    assert answer.status_code == 422 and "Another administrator changes the address" in answer.text


def test_after_a_week_it_may_be_done(admin, lead):
    with_app(lead)
    admin.post(reverse("user_change", args=[lead.code]), values(lead, email="lena.l@council.example"))
    with database_grants.lifted(), connection.cursor() as cursor:
        cursor.execute("UPDATE ppg_auditentry SET at = %s", [timezone.now() - timedelta(days=8)])
    assert admin.post(reverse("user_factor", args=[lead.code])).status_code == 302


def test_the_other_safeguarding_leads_hear_of_whoever_reads_what_they_read(
    admin, administrator, lead, safeguarding, mail_at_once
):
    admin.post(reverse("user_change", args=[lead.code]), values(lead, role=Role.SAFEGUARDING))
    assert sorted(mail.to[0] for mail in mail_at_once) == sorted([lead.email, safeguarding.email])
    mail_at_once.clear()
    new = {"name": "Nia", "email": "nia@council.example", "role": Role.SAFEGUARDING}
    joining.invite(**new, by=administrator, site="http://testserver")
    assert sorted(mail.to[0] for mail in mail_at_once) == sorted([new["email"], lead.email, safeguarding.email])


@pytest.mark.django_db(transaction=True)
def test_two_administrators_who_block_each_other_at_once_leave_one():
    pair = [UserFactory(name=name, role=Role.ADMINISTRATOR) for name in ("Ada", "Oz")]
    at_once(*[lambda user=user, by=by: actions.block(user=user, by=by) for user, by in (pair, pair[::-1])])
    assert User.objects.administrators().count() == 1


@pytest.mark.parametrize("page", ["user_invite", "user_change", "user_block", "user_factor", "user"])
def test_these_pages_are_an_administrators_only(browser_of, lead, manager, page):
    args = [] if page == "user_invite" else [lead.code]
    for user in (lead, manager):
        assert browser_of(user).get(reverse(page, args=args)).status_code == 403


def test_old_passwords_open_nothing_after_the_block(admin, lead):
    with_password(lead)
    admin.post(reverse("user_block", args=[lead.code]))
    wrong = Client().post(reverse("account_login"), {"login": lead.email, "password": "not the password"})
    right = Client().post(reverse("account_login"), {"login": lead.email, "password": PASSWORD}, follow=True)
    assert "is not right" in wrong.text
    assert "cannot sign in" in right.text
