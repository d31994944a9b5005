"""The random code that an address carries in place of a number."""

from __future__ import annotations

from django.apps import apps

from ppg.links.codes import CodeField, new_code


def test_no_two_records_of_a_kind_have_one_code_and_nobody_edits_it():
    fields = [
        field for model in apps.get_models() for field in model._meta.get_fields() if isinstance(field, CodeField)
    ]
    assert fields and all(field.unique and not field.editable for field in fields)


def test_a_code_is_made_by_chance_of_128_bits():
    codes = {new_code() for _ in range(100)}
    assert len(codes) == 100 and {len(code) for code in codes} == {22}
