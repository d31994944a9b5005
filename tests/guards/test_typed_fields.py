"""What people type: each text field cleans it, each date field says how far off its day may be, and each number that
can be pressed is dialled in plain figures, however it is stored."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from django import forms
from django.conf import settings

from ppg.forms.dates import THIS_CENTURY, in_ten_years
from ppg.forms.fields import CleanMixin, DateField, spoken

ROOT = Path(__file__).resolve().parents[2]
# Sent by our scripts and never typed, and what is a secret to the letter.
NOT_TYPED = {"credential", "places", "why_first", "place", "person", "key", "page_key", "press", "uidb36", "do", "on"}
BY_DJANGO = ("CharField", "EmailField", "URLField", "DateField", "DateTimeField", "SplitDateTimeField", "SlugField")


@cache
def sources() -> dict[Path, str]:
    paths = [path for app in settings.OUR_APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return {path: path.read_text(encoding="utf-8") for path in paths if "migrations" not in path.parts}


def our_forms() -> list[type[forms.BaseForm]]:
    for path in sources():
        if "forms" in path.stem or path.stem == "views":
            import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    return [form for form in every(forms.BaseForm) if form.__module__.split(".")[0] in settings.OUR_APPS]


def every(form: type[forms.BaseForm]) -> Iterator[type[forms.BaseForm]]:
    for below in form.__subclasses__():
        yield below
        yield from every(below)


def fields() -> dict[str, forms.Field]:
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in our_forms()
        for name, field in getattr(form, "base_fields", {}).items()
    }


def test_every_date_field_says_its_earliest_and_its_latest_day():
    dates = {name: field for name, field in fields().items() if isinstance(field, DateField)}
    assert len(dates) > 25
    for name, field in dates.items():
        earliest, latest = field.limits()
        assert THIS_CENTURY <= earliest < latest <= in_ten_years(), f"{name} takes days from {earliest} to {latest}."
        for day, words in [(earliest, "or later"), (latest, "or earlier")]:
            assert field.clean(day.isoformat()) == day
            beyond = day + timedelta(days=1 if day == latest else -1)
            with pytest.raises(forms.ValidationError) as refused:
                field.clean(beyond.isoformat())
            assert f"{spoken(day)} {words}" in refused.value.message, name


def test_every_text_field_of_a_form_is_cleaned():
    typed = {
        name: field
        for name, field in fields().items()
        if isinstance(field, forms.CharField) and not field.widget.is_hidden and name.split(".")[-1] not in NOT_TYPED
    }
    typed = {name: field for name, field in typed.items() if not isinstance(field.widget, forms.PasswordInput)}
    assert len(typed) > 100
    bare = [name for name, field in typed.items() if not isinstance(field, CleanMixin)]
    assert not bare, "Use the fields of ppg.forms.fields, which take out what nobody sees (ppg.typed)."


def test_no_field_that_is_typed_into_is_made_of_djangos_own():
    """Also those that a form makes as it is asked for. A hidden field is sent back by our page; nobody types there."""
    bare = []
    for path, source in sources().items():
        if path == ROOT / "ppg/forms/fields.py" or "forms." not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
                made = ast.unparse(node.value)
                names = [ast.unparse(one) for one in getattr(node, "targets", [getattr(node, "target", None)]) if one]
                if made.startswith(tuple(f"forms.{name}(" for name in BY_DJANGO)) and "HiddenInput" not in made:
                    bare += [f"{path.relative_to(ROOT)}: {name}" for name in names if name not in NOT_TYPED]
    assert not bare, "Use the fields of ppg.forms.fields, which take out what nobody sees (ppg.typed)."


def test_every_number_that_can_be_pressed_is_dialled_in_plain_figures():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for link in re.findall(r'"tel:[^"{]*\{\{[^}]*\}\}', path.read_text(encoding="utf-8")):
            assert re.fullmatch(r'"tel:\{\{ [\w.]+\|dialled \}\}', link), f"{path.relative_to(ROOT)}: {link}"


def test_no_page_asks_for_a_day_otherwise():
    """A browser's own picker knows no bounds of ours, and is drawn in its language."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        assert not re.search(r'type="(date|datetime-local|month|week)"', path.read_text(encoding="utf-8")), path
