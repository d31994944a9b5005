"""Every address, every role, own and foreign group: the guard knows the answer.

A new address fails `test_every_address_is_in_the_table` until it is added to TABLE with the kind of record its code
names and what GET answers to somebody who may.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.test import Client
from django.urls import reverse

from ppg.access.marks import PUBLIC, SIGNED_IN
from ppg.access.permissions import GRANTS, Permission, Role
from programmes.models import TeamMember
from tests.guards.records import records_of
from tests.guards.urls import every_url

# name → (kind of record in the address, GET's answer to somebody who may). POST-only views answer 405 to GET.
TABLE: dict[str, tuple[str, int]] = {
    "home": ("", 200),
    "due": ("", 200),
    "groups": ("", 200),
    "cohort": ("cohort", 200),
    "group_people": ("cohort", 200),
    "group_sessions": ("cohort", 200),
    "group_feedback": ("cohort", 200),
    "group_evaluation": ("cohort", 200),
    "group_settings": ("cohort", 200),
    "users": ("", 200),
    "user_invite": ("", 200),
    "user": ("account", 200),
    "user_change": ("account", 200),
    "user_invite_again": ("account", 405),
    "user_take_back": ("account", 200),
    "user_block": ("account", 200),
    "user_unblock": ("account", 405),
    "user_factor": ("account", 200),
    "user_leaving": ("account", 200),
    "account": ("", 200),
    "account_name": ("", 200),
    "account_work_mail": ("", 200),
    "account_change_password": ("", 200),
    "private_notes": ("", 200),
    "factor_app": ("", 200),
    "factor_passkey": ("", 200),
    "recovery_codes": ("", 200),
    "recovery_codes_new": ("", 405),
    "confirm": ("", 200),
    "sign_out_everywhere": ("", 405),
    "council_connect": ("", 404),  # switched off
    "council_disconnect": ("", 405),
    "users_mail": ("", 200),
    "users_mail_again": ("account_mail", 405),
    "users_mail_drop": ("account_mail", 405),
    "audit": ("", 200),
    "audit_export": ("", 200),
    "gallery": ("", 200),
    "programmes:index": ("", 200),
    "programmes:programme": ("programme", 200),
    "programmes:guide": ("guide", 200),
    "programmes:print": ("guide", 200),
    "programmes:versions": ("guide", 200),
    "programmes:edit": ("guide", 200),
    "programmes:add_item": ("guide", 200),
    "programmes:about": ("guide", 200),
    "programmes:handouts": ("guide", 405),
    "programmes:add_resource": ("guide", 200),
    "programmes:publish": ("guide", 200),
    "programmes:discard": ("guide", 200),
    "programmes:item": ("guide item", 200),
    "programmes:remove_item": ("guide item", 200),
    "programmes:resource": ("resource", 200),
    "programmes:download": ("resource", 200),
    "programmes:checklist": ("cohort", 200),
    "programmes:checklist_line": ("cohort line", 200),
    "programmes:checklist_tick": ("cohort line", 405),
    "programmes:team": ("cohort", 200),
    "programmes:team_add": ("cohort", 200),
    "programmes:team_leave": ("cohort member", 200),
    "programmes:support": ("cohort", 200),
    "programmes:support_add": ("cohort", 200),
    "programmes:support_change": ("support", 200),
    "programmes:support_remove": ("support", 405),
    "caregivers:board": ("", 200),
    "caregivers:find": ("", 200),
    "caregivers:people": ("cohort", 200),
    "caregivers:add": ("cohort", 200),
    "caregivers:import": ("cohort", 200),
    "caregivers:import_template": ("cohort", 200),
    "caregivers:import_check": ("cohort", 302),  # what is reached by a form only leads to its beginning
    "caregivers:import_faults": ("cohort", 302),
    "caregivers:import_do": ("cohort", 302),
    "caregivers:record": ("caregiver", 200),
    "caregivers:details": ("caregiver", 200),
    "caregivers:handover": ("caregiver", 200),
    "caregivers:handover_json": ("caregiver", 200),
    "caregivers:handover_make": ("caregiver", 405),
    "caregivers:handover_pdf": ("caregiver", 302),  # none is made yet
    "caregivers:erase": ("caregiver", 200),
    "caregivers:check": ("caregiver", 200),
    "caregivers:apart": ("caregiver", 200),
    "caregivers:apart_end": ("caregiver apart", 200),
    "caregivers:size": ("cohort", 200),
    "caregivers:consent": ("caregiver evaluation", 200),
    "caregivers:withdraw": ("caregiver evaluation", 405),
    "caregivers:withdrawn": ("caregiver evaluation", 302),  # nothing was taken back
    "caregivers:wordings": ("", 200),
    "caregivers:wording": ("wording", 200),
    "caregivers:wording_change": ("wording", 200),
    "caregivers:wording_publish": ("wording", 405),
    "service_details": ("", 200),
    "health": ("", 200),
    "try_mail": ("", 405),
    "caregivers:contact": ("referral", 200),
    "caregivers:owner": ("referral", 200),
    "caregivers:declined": ("referral", 405),
    "caregivers:poster": ("cohort", 200),
    "caregivers:poster_pdf": ("cohort", 409),  # not drawn yet
    "caregivers:poster_switch": ("cohort", 405),
    "caregivers:register_by_staff": ("referral", 200),
    "caregivers:invite": ("referral", 405),
    "caregivers:own_page": ("referral", 405),
    "caregivers:send_link": ("referral", 405),
    "caregivers:give": ("referral", 302),
    "caregivers:offer": ("referral", 302),
    "caregivers:wait": ("referral", 405),
    "caregivers:leave": ("referral", 200),
    "caregivers:times": ("cohort", 200),
    "caregivers:times_for": ("referral", 200),
    "caregivers:slot_remove": ("slot", 200),
    "caregivers:messages": ("cohort", 200),
    "caregivers:message_new": ("cohort", 200),
    "caregivers:message": ("message", 200),
    "caregivers:copy_again": ("copy", 405),
    "caregivers:copy_by_hand": ("copy", 405),
    "caregivers:copy_texted": ("copy", 405),
    "caregivers:follow_ups": ("cohort", 200),
    "caregivers:follow_up_add": ("cohort", 200),
    "caregivers:follow_up": ("follow_up", 200),
    "caregivers:follow_up_plan": ("follow_up", 200),
    "caregivers:follow_up_take": ("follow_up", 405),
    "sessions:retention": ("", 200),
    "sessions:retention_group": ("", 302),  # no group is named
    "sessions:retention_hold": ("", 302),  # the same
    "sessions:retention_hold_end": ("", 405),
    "caregivers:concerns": ("", 200),
    "caregivers:concern_add": ("cohort", 200),
    "caregivers:concern": ("concern", 200),
    "caregivers:concern_close": ("concern", 200),
    "caregivers:concern_reopen": ("concern", 200),
    "caregivers:concern_readers": ("concern", 200),
    "caregivers:concern_remove": ("old_concern", 200),
    "caregivers:information_list": ("", 200),
    "caregivers:information_add": ("cohort", 200),
    "caregivers:information": ("information", 200),
    "caregivers:information_close": ("information", 405),
    "caregivers:information_reopen": ("information", 405),
    "caregivers:information_readers": ("information", 200),
    "caregivers:information_remove": ("old_information", 200),
    "sessions:set_time": ("slot", 200),
    "sessions:set_up": ("", 302),  # to itself, with the key of a new draft
    "sessions:set_up_check": ("", 302),
    "sessions:calendar": ("", 200),
    "sessions:calendar_stop": ("", 405),
    "sessions:plan": ("session", 200),
    "sessions:move": ("session", 200),
    "sessions:cancel": ("session", 200),
    "sessions:put_back": ("session", 200),
    "sessions:add": ("session", 200),
    "sessions:agenda": ("session", 200),
    "sessions:add_speaker": ("session", 200),
    "sessions:speaker": ("session speaker", 200),
    "sessions:remove_speaker": ("session speaker", 200),
    "sessions:learned": ("guide", 200),
    "sessions:take": ("guide", 405),
    "sessions:session": ("session", 200),
    "sessions:print": ("session", 200),
    "sessions:prepare": ("session", 200),
    "sessions:prepare_tick": ("session", 405),
    "sessions:prepare_print": ("session", 200),
    "sessions:after": ("session", 200),
    "sessions:after_mark": ("session", 405),
    "sessions:after_rest": ("session", 405),
    "sessions:run": ("session", 200),
    "sessions:run_state": ("session", 200),
    "sessions:step": ("session", 405),
    "sessions:note_question": ("session", 405),
    "sessions:take_up": ("session question", 405),
    "sessions:room": ("session", 200),
    "sessions:show_in_room": ("session", 405),
    "sessions:register": ("session", 200),
    "sessions:mark": ("session", 405),
    "sessions:everyone_here": ("session", 405),
    "sessions:undo_everyone": ("session", 405),
    "sessions:register_history": ("session", 200),
    "sessions:register_print": ("session", 200),
    "sessions:somebody_else": ("session", 200),
    "sessions:row_details": ("session place", 200),
    "sessions:close": ("session", 200),
    "sessions:pack": ("session", 200),
    "sessions:pack_print": ("session", 200),
    "sessions:pack_given_to_those_here": ("session", 405),
    "sessions:pack_again": ("delivery", 302),  # nothing to send again
    "sessions:pack_paper": ("delivery", 405),
    "sessions:pack_handed": ("delivery", 405),
    "sessions:pack_given": ("delivery", 405),
    "feedback:session": ("session", 200),
    "feedback:open": ("session", 405),
    "feedback:close": ("session", 405),
    "feedback:show": ("session", 405),
    "feedback:poster": ("session", 200),
    "feedback:close_early": ("form", 200),
    "feedback:count": ("form", 200),
    "feedback:your_part": ("", 200),
    "feedback:support_ask": ("", 405),
    "feedback:support_withdraw": ("", 405),
    "feedback:slips": ("", 200),
    "feedback:slips_session": ("session", 405),
    "feedback:slips_after": ("cohort", 405),
    "feedback:link": ("cohort", 200),
    "feedback:suggestions": ("cohort", 200),
    "feedback:suggestion_add": ("cohort", 200),
    "feedback:suggestion": ("suggestion", 200),
    "feedback:box_open": ("cohort", 405),
    "feedback:box_close": ("cohort", 405),
    "feedback:box_poster": ("cohort", 200),
    "feedback:paper": ("form", 200),
    "feedback:paper_sheet": ("form", 200),
    "feedback:pass_round": ("form", 405),
    "feedback:type": ("form", 200),
    "feedback:pile": ("form pile", 302),  # sent, or somebody else's: to the form's page
    "feedback:pile_check": ("form pile", 302),
    "feedback:pile_again": ("form pile", 405),
    "feedback:pile_resize": ("form pile", 405),
    "feedback:pile_discard": ("form pile", 405),
    "feedback:questionnaires": ("", 200),
    "feedback:load_questions": ("", 405),
    "feedback:add_measure": ("", 200),
    "feedback:questionnaire": ("questionnaire", 200),
    "feedback:preview": ("questionnaire", 200),
    "feedback:publish_questions": ("questionnaire", 200),
    "feedback:discard_questions": ("questionnaire", 200),
    "feedback:add_language": ("questionnaire", 302),
    "feedback:translation": ("questionnaire language", 200),
    "feedback:edit_questions": ("questionnaire", 200),
    "feedback:about_questions": ("questionnaire", 200),
    "feedback:add_question": ("questionnaire", 200),
    "feedback:question": ("questionnaire asked", 200),
    "feedback:remove_question": ("questionnaire asked", 200),
    "evaluation:measure": ("measure", 200),
    "feedback:after": ("cohort", 200),
    "feedback:after_open": ("cohort", 405),
    "feedback:after_close": ("cohort", 405),
    "feedback:after_poster": ("cohort", 200),
    "feedback:focus_group_add": ("cohort", 200),
    "feedback:focus_group": ("focus_group", 200),
    "feedback:focus_group_change": ("focus_group", 200),
    "feedback:focus_group_quote": ("focus_group", 200),
    "feedback:comments": ("cohort", 200),
    "feedback:comment": ("cohort comment", 200),
    "feedback:comment_quote": ("cohort comment", 200),
    "feedback:quotes": ("cohort", 200),
    "feedback:quote": ("quote", 200),
    "feedback:quote_change": ("quote", 200),
    "feedback:quote_sign": ("quote", 405),
    "feedback:quote_drop": ("quote", 405),
    "evaluation:waves": ("cohort", 200),
    "evaluation:open_wave": ("cohort", 405),
    "evaluation:close_wave": ("wave", 405),
    "evaluation:send": ("wave", 200),
    "evaluation:plan": ("cohort", 200),
    "evaluation:cards": ("cohort", 409),  # this group answers by links
    "evaluation:count_cards": ("cohort", 200),
    "evaluation:link": ("wave place", 405),
    "evaluation:enter": ("wave place", 200),
    "evaluation:figures": ("cohort", 200),
    "evaluation:across": ("", 200),
    "evaluation:answers_send": ("caregiver", 405),
    "evaluation:answers_link": ("place", 405),
    "evaluation:answers_codes": ("", 200),
    "evaluation:answers_code": ("answers_link", 405),
    "evaluation:across_report": ("across", 200),
    "evaluation:across_progress": ("across", 200),
    "evaluation:across_cancel": ("across", 405),
    "evaluation:across_pdf": ("across", 200),
    "evaluation:across_xlsx": ("across", 200),
    "evaluation:across_csv": ("across", 200),
    "evaluation:data": ("", 200),
    "evaluation:data_of": ("cohort", 200),
    "evaluation:data_xlsx": ("cohort", 200),
    "evaluation:data_csv": ("cohort", 200),
    "evaluation:report": ("cohort", 200),
    "evaluation:earlier": ("cohort", 200),
    "evaluation:recommendations": ("cohort", 200),
    "evaluation:recommendation_change": ("cohort recommendation", 200),
    "evaluation:recommendation_up": ("cohort recommendation", 405),
    "evaluation:recommendation_down": ("cohort recommendation", 405),
    "evaluation:recommendation_remove": ("cohort recommendation", 405),
    "evaluation:report_quotes": ("cohort", 200),
    "evaluation:report_quote_choose": ("cohort quote", 405),
    "evaluation:report_quote_leave_out": ("cohort quote", 405),
    "evaluation:report_quote_up": ("cohort quote", 405),
    "evaluation:report_quote_down": ("cohort quote", 405),
    "evaluation:version": ("version", 200),
    "evaluation:pdf": ("version", 200),
    "evaluation:shared": ("version", 200),
    "evaluation:shared_pdf": ("version", 200),
    "evaluation:preview": ("cohort", 200),
    "evaluation:publish": ("cohort", 200),
}

# Reached without signing in: checked one by one where they are tested.
PUBLIC_PAGES: set[str] = {
    "sessions:register_worker",
    "account_login",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "join",
    "mfa_authenticate",
    "sign_in_again",
    "openid_connect_login",
    "openid_connect_callback",
    "healthz",
    "readyz",
    "measure_answer",
    "measure_thanks",
    "card",
    "card_answer",
    "card_thanks",
    "card_withdraw",
    "times",
    "register",
    "registered",
    "decline",
    "declined",
    "interest",
    "interest_thanks",
    "notice",
    "kept",
    "accessibility",
    "cookies",
    "own_answers",
    "own_answers_send",
    "own_page",
    "own_place",
    "own_withdraw",
    "own_agree",
    "own_receipt",
    "answer_form",
    "slips",
    "slip",
    "box",
    "box_thanks",
    "calendar_feed",
    "answer_thanks",
    "tablet",
    "tablet_sheet",
    "tablet_thanks",
    "set_language",
}

# allauth's own pages for whoever is signed in.
ACCOUNT_PAGES = {"account_logout", "factor_remove", "sign_out_there"}
ACCOUNT_PAGES |= {"stay", "stay_for"}  # how long one is signed in oneself; of a session they say nothing

# They show a secret or a challenge of one's own, another one in each browser and at each look.
NEW_EACH_TIME = {"factor_app", "factor_passkey"}

# Records that belong to no group: whoever's role reads templates reads them all, and so an administrator accounts.
TEMPLATES = {"programme", "guide", "item", "resource", "wording", "questionnaire", "asked", "language", "measure"}
TEMPLATES |= {"account"}

# Read by who wrote them (here the first of the team), the group's lead and the safeguarding lead: to everybody else
# their addresses are those of nothing. The safeguarding lead is in no team and has those of every group.
RESTRICTED = {"concern", "information", "old_concern", "old_information"}

VIEWS = dict(every_url())
STAFF_PAGES = sorted(TABLE)

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


def test_every_address_is_in_the_table():
    missing = set(VIEWS) - set(TABLE) - PUBLIC_PAGES - ACCOUNT_PAGES
    assert not missing, f"Add {sorted(missing)} to TABLE or PUBLIC_PAGES in {__name__}."
    gone = (set(TABLE) | PUBLIC_PAGES | ACCOUNT_PAGES) - set(VIEWS)
    assert not gone, (
        f"{sorted(gone)} are no addresses: include the room's urls in APP/urls.py; of a page that is gone, take its "
        "name out here."
    )


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_every_view_says_who_may(name):
    access = getattr(VIEWS[name], "access", None)
    assert access in (PUBLIC, SIGNED_IN) or isinstance(access, Permission), (
        f"{name} says nothing: mark its view with @requires(…), @signed_in or @public."
    )
    assert (access == PUBLIC) == (name in PUBLIC_PAGES), f"{name} is public in one place and not in the other."


Statuses = dict[str, dict[str, int]]  # by address and role


def address(name: str, records: dict[str, str]) -> str:
    return reverse(name, args=[records[part] for part in TABLE[name][0].split()])


def ask(client: Client, name: str, records: dict[str, str]) -> int:
    return client.get(address(name, records)).status_code


@pytest.fixture
def clients(browser_of, cohort, request):
    """A browser for each role. All but the manager see groups by their team only."""
    users = {
        Role.LEAD: "lead",
        Role.FACILITATOR: "facilitator",
        Role.PARENT: "parent",
        Role.MANAGER: "manager",
        Role.SAFEGUARDING: "safeguarding",
        Role.EVALUATOR: "evaluator",
        Role.ADMINISTRATOR: "administrator",
    }
    evaluator = request.getfixturevalue("evaluator")  # is in the team of the groups that are opened to them
    TeamMember.objects.get_or_create(cohort=cohort, user=evaluator, defaults={"job": TeamMember.Job.EVALUATION})
    return {role: browser_of(request.getfixturevalue(name)) for role, name in users.items()}


def allowed(name: str, role: str) -> bool:
    access = VIEWS[name].access
    return access == SIGNED_IN or access in GRANTS[role]


def refused(name: str) -> int:
    return 404 if getattr(VIEWS[name], "hidden", False) else 403


def statuses(clients: dict[str, Client], names: Iterable[str], records: dict[str, str]) -> Statuses:
    return {name: {role: ask(clients[role], name, records) for role in Role} for name in names}


def expected(name: str, other: int) -> dict[str, int]:
    """What the table says of an address, and `other` where a role may not."""
    return {role: other if allowed(name, role) else refused(name) for role in Role}


def test_own_group(clients, cohort):
    should = {name: expected(name, TABLE[name][1]) for name in STAFF_PAGES}
    for name in STAFF_PAGES:
        if TABLE[name][0] in RESTRICTED and TABLE[name][1] != 405:
            should[name][Role.FACILITATOR] = 404  # did not write it
    assert statuses(clients, STAFF_PAGES, records_of(cohort)) == should


def test_foreign_group(clients, other_cohort):
    names = [name for name in STAFF_PAGES if set(TABLE[name][0].split()) - TEMPLATES]
    should = {name: expected(name, 405 if TABLE[name][1] == 405 else 404) for name in names}
    for name in names:
        for role in (Role.MANAGER, Role.SAFEGUARDING):  # see every group: figures and reports, concerns and information
            if allowed(name, role):
                should[name][role] = TABLE[name][1]
    should["evaluation:cards"][Role.ADMINISTRATOR] = 409  # prints for every group
    assert statuses(clients, names, records_of(other_cohort)) == should


def test_foreign_group_by_post(browser_of, facilitator, lead, other_cohort):
    """What only takes POST finds nothing in a foreign group either."""
    names = [name for name in STAFF_PAGES if TABLE[name] != ("", 405) and TABLE[name][1] == 405]
    records = records_of(other_cohort)
    for user in (lead, facilitator):
        browser = browser_of(user)
        found = {name: browser.post(address(name, records), {}).status_code for name in names}
        assert found == {name: expected(name, 404)[user.role] for name in names}


def test_a_made_up_code_is_like_a_code_that_does_not_exist(browser_of, lead):
    names = [name for name in STAFF_PAGES if TABLE[name][0] and TABLE[name][1] != 405 and allowed(name, Role.LEAD)]
    made_up = dict.fromkeys((part for name in names for part in TABLE[name][0].split()), "A" * 22)
    browser = browser_of(lead)
    assert {name: ask(browser, name, made_up) for name in names} == dict.fromkeys(names, 404)


def test_a_stranger_is_asked_to_sign_in(stranger, cohort):
    records, sign_in = records_of(cohort), reverse("account_login")
    answers = {name: stranger.get(address(name, records)) for name in STAFF_PAGES}
    let_in = {name: answer.status_code for name, answer in answers.items() if answer.status_code != 302}
    assert not let_in
    assert all(answer.headers["Location"].startswith(sign_in) for answer in answers.values())
