"""The 42 statements about security and data protection that hold of the product, and the tests that hold them.

They follow OWASP's ASVS 5.0, levels 1 and 2, and UK data protection law. A statement is held by tests of its number in
this folder (`test_statement_07_…`), by tests elsewhere that are named here, or both. Where one holds otherwise than a
list of that kind would have it, docs/decisions/security-statements.md says why.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.guards.security.protections import PROTECTIONS

ROOT = Path(__file__).resolve().parents[3]
HERE = Path(__file__).parent
OWN = re.compile(r"^test_statement_(\d\d)_")
pytestmark = pytest.mark.anywhere


class Statement(NamedTuple):
    says: str
    also: tuple[str, ...] = ()  # tests elsewhere: file under tests/ :: name


ACCOUNTS = "ppg/accounts"
STATEMENTS: dict[int, Statement] = {
    # --- Access
    1: Statement(
        "Every address says who may open it; one that says nothing fails the build.",
        (
            "guards/test_permissions.py::test_every_view_says_who_may",
            "guards/test_permissions.py::test_every_address_is_in_the_table",
        ),
    ),
    2: Statement(
        "Who gets in where, by which verb and in which state is one reviewed table, for strangers too.",
        (
            "guards/test_permissions.py::test_own_group",
            "guards/test_permissions.py::test_a_stranger_is_asked_to_sign_in",
        ),
    ),
    3: Statement(
        "A record of another group is like one that there is not: to read, to write, as a file, in an own form.",
        (
            "guards/test_permissions.py::test_foreign_group",
            "guards/test_permissions.py::test_foreign_group_by_post",
            "guards/test_permissions.py::test_a_made_up_code_is_like_a_code_that_does_not_exist",
        ),
    ),
    4: Statement(
        "How a police check ended, what was disclosed and what concerns somebody's health stand in no answer to a role "
        "that is not to know.",
        (
            "guards/test_parent.py::test_nothing_that_is_known_of_anybody_reaches_a_page_of_theirs",
            "caregivers/concerns/test_unseen.py::test_every_page_is_the_same_with_a_concern_and_without",
            "caregivers/concerns/test_concerns.py::test_for_everybody_else_there_is_no_such_page",
        ),
    ),
    5: Statement("Fields that a form does not have change nothing."),
    6: Statement(
        "A role or a team that was lost opens nothing from the next request on.",
        (
            f"{ACCOUNTS}/test_staff.py::test_a_new_role_ends_every_session_on_the_next_request_and_is_told",
            f"{ACCOUNTS}/test_staff.py::test_who_is_blocked_is_out_with_the_next_request_and_cannot_come_back",
            "guards/test_parent.py::test_who_has_left_the_team_sees_no_page_of_the_group",
        ),
    ),
    7: Statement("Reading changes nothing."),
    8: Statement("What a page does not offer is refused on the server."),
    # --- Signing in
    9: Statement(
        "No role of staff comes in without a second factor, by whatever way.",
        (
            f"{ACCOUNTS}/test_factor.py::test_with_the_password_only_every_address_leads_to_the_factor",
            f"{ACCOUNTS}/test_factor.py::test_between_password_and_code_every_address_asks_to_sign_in",
            f"{ACCOUNTS}/test_factor.py::test_a_session_from_before_the_factor_was_required_is_asked_for_one",
            f"{ACCOUNTS}/test_factor.py::test_a_new_password_by_e_mail_skips_no_factor",
            f"{ACCOUNTS}/test_council.py::test_our_factor_is_asked_where_the_councils_is_not_trusted",
        ),
    ),
    10: Statement(
        "A code of the app counts once, within its half minute.",
        (
            f"{ACCOUNTS}/test_factor.py::test_a_code_counts_once",
            f"{ACCOUNTS}/test_factor.py::test_a_code_of_another_time_and_a_made_up_one_are_refused_in_a_sentence",
            f"{ACCOUNTS}/test_factor.py::test_of_many_who_send_one_code_at_once_one_is_let_in",
        ),
    ),
    11: Statement("A password is long, as odd as its owner likes, not a common one, and lasts."),
    12: Statement(
        "Guessing is slowed for an account and for a network, and shuts nobody out for good.",
        (
            f"{ACCOUNTS}/test_slowing.py::test_five_wrong_ones_by_a_stranger_hold_up_the_stranger_only",
            f"{ACCOUNTS}/test_slowing.py::test_from_one_network_all_accounts_together_slow_down",
            f"{ACCOUNTS}/test_slowing.py::test_a_known_device_gets_in_from_the_strangers_own_network",
            f"{ACCOUNTS}/test_slowing.py::test_waits_rise_and_end",
            f"{ACCOUNTS}/test_slowing.py::test_an_address_that_a_client_makes_up_is_not_believed",
        ),
    ),
    13: Statement(
        "Somebody unknown and a wrong password get the same answer for the same work.",
        (
            f"{ACCOUNTS}/test_sign_in.py::test_a_wrong_password_and_an_unknown_address_get_the_same_answer",
            f"{ACCOUNTS}/test_sign_in.py::test_a_wrong_password_is_tried_once_whether_the_address_is_known_or_not",
            f"{ACCOUNTS}/test_slowing.py::test_an_address_that_nobody_has_costs_as_many_queries_and_hashes",
            f"{ACCOUNTS}/test_reset.py::test_known_and_unknown_get_the_same_answer_with_the_same_work",
        ),
    ),
    14: Statement(
        "A session has another key once somebody has signed in, and dies with what it stood for.",
        (
            f"{ACCOUNTS}/test_account.py::test_a_session_copied_before_the_sign_out_opens_nothing_after_it",
            f"{ACCOUNTS}/test_account.py::test_a_new_password_ends_every_other_session_and_is_told",
            f"{ACCOUNTS}/test_staff.py::test_a_session_from_before_the_block_stays_out_after_it",
        ),
    ),
    15: Statement(
        "A sign-in ends after half an hour without anybody and after twelve hours at most; nothing typed is lost.",
        (
            "sessions_app/test_signed_in.py::test_its_other_pages_ask_for_signing_in_again",
            "sessions_app/test_signed_in.py::test_ten_hours_end_it_in_any_case",
            "ppg/forms/test_carried.py::test_what_was_typed_is_there_after_signing_in_and_goes_with_one_press",
        ),
    ),
    16: Statement(
        "It is asked once more before factor and address change, and before exports, roles and erasing.",
        (
            f"{ACCOUNTS}/test_confirming.py::test_these_are_asked_and_no_others",
            f"{ACCOUNTS}/test_confirming.py::test_password_or_code_opens_the_page_that_was_asked_for",
            f"{ACCOUNTS}/test_confirming.py::test_neither_is_refused_in_a_sentence_and_opens_nothing",
        ),
    ),
    17: Statement(
        "No account and no password comes with the product.",
        (f"{ACCOUNTS}/test_invitations.py::test_an_empty_installation_prints_a_link_that_sets_password_and_factor",),
    ),
    # --- Browsers
    18: Statement(
        "Every answer carries the strict content policy, and browsers find nothing that breaks it.",
        (
            "guards/test_gunicorn.py::test_every_answer_carries_the_policy_and_none_says_what_serves",
            "ppg/every_request/test_refused_early.py::test_whatever_is_refused_first_is_a_sentence_under_the_policy",
            "guards/test_source.py::test_templates_hold_no_inline_script_or_style",
        ),
    ),
    19: Statement(
        "Browsers are held to HTTPS, guess no kind of file and tell no other site an address.",
        ("guards/test_headers.py::test_every_public_page_and_errors",),
    ),
    20: Statement(
        "Cookies are held to this host, to HTTPS and out of scripts; public pages set none but one.",
        (
            "guards/test_settings.py::test_production_never_starts_open",
            "feedback/answering/test_answer.py::test_no_cookie_is_set_and_none_is_needed",
        ),
    ),
    21: Statement("No form is taken that another site has sent."),
    22: Statement(
        "No page of staff stays in a browser, and signing out empties it.",
        ("guards/test_headers.py::test_pages_of_staff_too_and_what_is_refused",),
    ),
    23: Statement("No page makes a browser ask anywhere else."),
    24: Statement(
        "Nobody is led to another site.",
        (
            f"{ACCOUNTS}/test_confirming.py::test_it_leads_nowhere_else",
            "ppg/forms/test_carried.py::test_the_way_back_stays_with_us",
        ),
    ),
    25: Statement(
        "What somebody types stays text on pages, in tables, workbooks, calendars and e-mails, and on paper.",
        (
            "guards/test_isolated.py::test_names_stand_by_themselves_on_every_page",
            "ppg/every_request/test_refused_early.py::test_whatever_a_view_reads_has_no_zero_byte",
        ),
    ),
    26: Statement(
        "Drawing a PDF fetches our own files and nothing else.",
        (
            "ppg/documents/test_pdf.py::test_everything_else_is_refused",
            "ppg/documents/test_pdf.py::test_a_path_out_of_the_static_files_is_refused",
            "ppg/documents/test_pdf.py::test_a_page_that_asks_for_other_files_gets_none_of_them",
        ),
    ),
    # --- Links and feedback
    27: Statement(
        "A link is as hard to guess as a key, stored hashed, ends, and stands in no log.",
        (
            "caregivers/registering/test_register.py::test_a_link_works_for_fourteen_days",
            "caregivers/registering/test_register.py::test_only_the_hash_of_a_link_is_kept",
            "caregivers/own_page/test_own_page.py::test_a_new_link_ends_the_earlier_ones",
            "deploy/test_proxy.py::test_no_line_says_who_came_and_where_they_went",
        ),
    ),
    28: Statement(
        "A wrong, an ended and a revoked link cannot be told apart.",
        (
            "caregivers/registering/test_register.py::test_every_link_that_does_not_work_gives_the_same_page",
            "evaluation/rounds/test_links.py::test_whatever_is_wrong_the_page_the_status_and_the_work_are_the_same",
            "sessions_app/calendar/test_calendar.py::test_whatever_is_wrong_the_answer_is_the_same",
            f"{ACCOUNTS}/test_invitations.py::test_an_old_a_newer_and_a_made_up_link_look_alike",
            "feedback/answering/test_answer.py::test_a_closed_form_is_like_one_that_never_was_and_takes_nothing",
        ),
    ),
    29: Statement(
        "Who knows the order in which eight answered, and holds database, files, logs and backups, finds no order.",
        (
            "secrecy/test_attack.py::test_who_holds_files_log_backup_and_every_page_finds_no_order",
            "secrecy/test_attack.py::test_no_order_in_the_database_is_the_order_of_sending",
            "secrecy/test_attack.py::test_with_a_protection_switched_off_the_same_attacker_finds_the_order",
        ),
    ),
    30: Statement(
        "Nothing of a request to a public form is stored or logged.",
        (
            "feedback/answering/test_answer.py::test_nothing_of_the_request_is_stored",
            "feedback/answering/test_answer.py::test_no_log_line_says_that_somebody_is_answering",
        ),
    ),
    31: Statement(
        "Before a form is closed and five have answered, no page knows of any.",
        (
            "feedback/test_not_yet_enough.py::test_no_page_knows_of_four_answers",
            "feedback/test_not_yet_enough.py::test_five_are_shown_at_once_and_their_words_in_an_order_nobody_knows",
        ),
    ),
    32: Statement(
        "No figure can be worked out that rests on a few people, also not from what two reports say.",
        (
            "secrecy/test_disclosure.py::test_no_difference_among_what_is_told_leaves_a_few_people_over",
            "secrecy/test_disclosure.py::test_with_what_guards_differences_switched_off_the_same_search_finds_them",
            "secrecy/test_drawn.py::"
            "test_everything_drawn_of_three_groups_says_what_was_done_and_no_difference_leaves_a_few_people_over",
        ),
    ),
    33: Statement(
        "Public forms stand a flood, and no address is stored for it.",
        (
            "feedback/answering/test_flood.py::test_a_flood_from_three_networks_leaves_room_for_the_real_ones",
            "feedback/answering/test_flood.py::test_whether_a_sheet_was_kept_is_not_told",
            "ppg/test_memory_counts.py::test_what_is_counted_stands_nowhere_as_it_is",
            "ppg/test_memory_counts.py::test_when_the_day_is_over_nothing_of_it_is_left_not_even_the_salt",
            "ppg/test_limits.py::test_no_address_is_kept_as_it_is",
        ),
    ),
    # --- Data protection
    34: Statement(
        "Every field has a class, a rule for how long it is kept, and a way to lie; a new one without fails.",
        (
            "guards/test_holdings.py::test_every_field_has_a_class_and_a_retention_rule",
            "guards/test_holdings.py::test_a_new_table_and_a_new_field_are_missed",
            "guards/test_holdings.py::test_what_can_be_read_without_the_keys_has_its_reason",
        ),
    ),
    35: Statement(
        "When its time is over, what was known of somebody is gone from tables, files and the trail.",
        (
            "caregivers/rights/test_erase.py::test_no_word_of_theirs_is_left_in_any_table",
            "caregivers/rights/test_erase.py::test_each_row_goes_or_stays_as_its_rule_says",
            "sessions_app/retention/test_retention.py::test_removing_is_in_the_trail_and_in_the_ledger",
            "sessions_app/retention/test_by_the_clock.py::test_warned_once_and_gone_on_the_day",
            "sessions_app/retention/test_by_the_clock.py::test_dates_that_move_nearer_are_warned_of_14_days_before_it_goes",
        ),
    ),
    36: Statement(
        "A backup brings back nobody who was erased since.",
        (
            "caregivers/rights/test_erase.py::test_nothing_is_left_in_files_and_a_backup_does_not_bring_them_back",
            "caregivers/rights/test_erase.py::test_a_backup_does_not_bring_back_a_consent_either",
            "ppg/backups/test_ledger.py::test_a_restore_on_another_machine_knows_of_it_by_the_database",
        ),
    ),
    37: Statement(
        "The file that somebody gets holds every word about them and nobody else's name.",
        (
            "caregivers/rights/test_handover.py::test_every_word_of_theirs_is_in_it",
            "caregivers/rights/test_handover.py::test_nobody_elses_name_is_in_it",
            "guards/test_in_confidence.py::test_no_answer_stands_in_the_file_that_staff_hand_over",
        ),
    ),
    38: Statement(
        "What is sensitive lies encrypted, under keys that lie elsewhere and can be changed.",
        (
            "ppg/encryption/test_crypto.py::test_contact_details_lie_encrypted_from_the_first_row",
            "caregivers/concerns/test_concerns.py::test_the_words_are_not_readable_in_the_database",
            "caregivers/test_at_rest.py::test_how_a_check_ended_stands_nowhere_readable",
            "ppg/encryption/test_rotation.py::test_nothing_is_left_under_the_old_key_and_nothing_else_has_changed",
            "ppg/backups/test_backup_file.py::test_nobody_reads_it_without_the_key",
        ),
    ),
    39: Statement(
        "Who read what is in a trail that holds no values, to which the web only adds, and that shows a missing row.",
        (
            "caregivers/concerns/test_concerns.py::"
            "test_each_reading_is_in_the_trail_the_list_too_and_only_its_readers_see_that",
            "guards/test_trail.py::test_a_page_that_shows_somebody_says_so_in_the_trail",
            "ppg/audit_trail/test_audit.py::test_the_trail_keeps_codes_and_names_of_fields_only",
            "ppg/audit_trail/test_chain.py::test_an_entry_that_was_taken_out",
            "deploy/test_roles.py::test_the_tables_belong_to_the_owner_and_the_web_only_adds_to_the_trail",
        ),
    ),
    40: Statement(
        "A line of the log says nothing about anybody, and the page of a fault shows nothing of it.",
        (
            "ppg/test_logs.py::test_a_page_that_goes_wrong_leaves_one_line_that_says_where_and_nothing_about_anybody",
            "ppg/test_logs.py::test_no_text_that_is_not_the_programs_own_comes_through_and_no_line_breaks",
        ),
    ),
    # --- How it is built and run
    41: Statement(
        "It starts closed, holds no secret, and what it is built of is pinned, listed and of a series with support.",
        (
            "guards/test_settings.py::test_a_whole_set_of_variables_starts_and_the_deployment_check_is_silent",
            "guards/test_settings.py::test_no_key_is_printed_in_the_repository",
            "guards/test_supply.py::test_the_list_is_what_is_pinned",
            "guards/test_supply.py::test_a_newer_release_of_the_series_is_said",
            "deploy/test_install.py::test_nobody_but_the_service_and_root_reads_a_secret",
        ),
    ),
    42: Statement(
        "The proxy that ships speaks no old TLS, and what takes several steps happens whole and in order.",
        (
            "deploy/test_proxy.py::test_old_tls_is_not",
            "deploy/test_proxy.py::test_new_tls_is_spoken",
            "feedback/asking/test_states.py",
            "sessions_app/running/test_states.py",
        ),
    ),
}


@cache
def named_in(path: Path) -> dict[str, ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


def own_tests() -> dict[int, set[str]]:
    """Number → the tests of this folder that carry it."""
    found: dict[int, set[str]] = {}
    for path in HERE.glob("test_*.py"):
        for name in named_in(path):
            if number := OWN.match(name):
                found.setdefault(int(number[1]), set()).add(name)
    return found


def is_left_out(test: ast.FunctionDef) -> bool:
    """It is there and holds nothing: it is skipped, expected to fail, or has no check in it."""
    marks = " ".join(ast.unparse(one) for one in test.decorator_list)
    return (
        "skip" in marks or "xfail" in marks or not any(isinstance(one, ast.Assert | ast.With) for one in ast.walk(test))
    )


def test_there_are_42_and_each_is_held():
    assert sorted(STATEMENTS) == list(range(1, 43))
    own = own_tests()
    assert not set(own) - set(STATEMENTS), "A test here carries a number that no statement has."
    held_by_nothing = [number for number, one in STATEMENTS.items() if not one.also and number not in own]
    assert not held_by_nothing, f"Write test_statement_NN_… or name the test that holds it: {held_by_nothing}"


@pytest.mark.parametrize("number", STATEMENTS, ids="statement_{:02}".format)
def test_each_test_that_a_statement_points_at_is_there(number):
    gone = []
    for node in STATEMENTS[number].also:
        file, _, name = node.partition("::")
        there = named_in(ROOT / "tests" / file) if (ROOT / "tests" / file).is_file() else {}
        if not there or (name and (name not in there or is_left_out(there[name]))):
            gone.append(node)
    assert not gone, f"Renamed, moved or switched off? Name here what holds statement {number} now: {gone}"


def test_each_statement_rests_on_something_that_can_be_taken_out():
    """`script/bench protections` takes it out and sees the test complain."""
    assert {one.statement for one in PROTECTIONS} == set(STATEMENTS)
    gone = []
    for one in PROTECTIONS:
        file, _, name = one.test.partition("::")
        there, path = named_in(ROOT / "tests" / file), ROOT / one.file
        if name not in there or is_left_out(there[name]) or not path.is_file() or path.read_text().count(one.was) != 1:
            gone.append(f"{one.statement}: {one.what}")
        assert one.was != one.becomes
    assert not gone, f"Changed or moved? Say in protections.yaml what stands there now, and try it: {gone}"


def test_each_test_of_a_statement_says_what_it_holds():
    silent = [
        name
        for path in HERE.glob("test_*.py")
        for name, one in named_in(path).items()
        if OWN.match(name) and not ast.get_docstring(one)
    ]
    assert not silent, "A docstring says the statement in our own words."
