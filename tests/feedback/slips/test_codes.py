"""Codes of slips: always the same, never more than were made, and not to be had from what is kept."""

from __future__ import annotations

import pytest

from feedback.models import SlipSheet, SpentNonce
from feedback.slips.codes import SIGNS, codes_of, is_on, nonce_of
from ppg.links import typed_codes
from tests.feedback.factories import answered, drawn, opened_form, printed

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(cohort) -> SlipSheet:
    return printed(opened_form(cohort), made=10)


def test_a_sheet_has_as_many_codes_as_were_made_and_always_the_same(sheet):
    codes = codes_of(sheet)
    assert len(set(codes)) == 10 and codes == codes_of(SlipSheet.objects.get(pk=sheet.pk))
    assert all(typed_codes.is_code(code, SIGNS) and len(code) == SIGNS + 1 for code in codes)
    assert is_on(sheet, codes[3]) and not is_on(sheet, typed_codes.code_of(0, SIGNS))


def test_two_sheets_have_nothing_in_common(sheet, other_cohort):
    assert not set(codes_of(sheet)) & set(codes_of(printed(opened_form(other_cohort))))


def test_slips_have_no_rows_and_what_is_kept_of_a_used_one_cannot_be_tried_out(cohort):
    """Seven signs are few: their plain hash could be found by trying all. What is hashed is made with the key."""
    form = opened_form(cohort)
    slip = drawn(form)
    answered(form, 1)
    sheet = SlipSheet.objects.get()
    assert nonce_of(sheet, slip) != nonce_of(SlipSheet(key="another"), slip)
    kept = {str(value) for row in (*SpentNonce.objects.values(), *SlipSheet.objects.values()) for value in row.values()}
    assert not [value for value in kept if slip in value]


@pytest.mark.parametrize("code", ["", "7", "1234567", "AAAAAAA", "7KM3P9X7KM3P9X"])
def test_anything_else_is_no_slip(sheet, code):
    assert not is_on(sheet, code) and not is_on(None, code)


def test_once_its_key_is_gone_a_sheet_has_no_codes(sheet):
    sheet.key = ""
    assert codes_of(sheet) == []
