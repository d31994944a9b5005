"""What is uploaded is small outside; however huge it is inside, reading it stays cheap (docs/decisions/uploads.md)."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse

from ppg.forms.fields import GovForm
from tests import bombs

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS, MOST_BYTES = 2.0, 100_000_000
KNOWN = {
    "caregivers.importing.forms.FileForm",
    "programmes.resources.forms.ResourceForm",
    "programmes.resources.forms.NewResourceForm",
    "ppg.components.views.EveryField",  # shows what the field looks like, and reads nothing
}


def test_every_upload_is_among_those_that_are_measured_here():
    assert get_resolver().url_patterns  # whatever has a page is loaded now
    asked = {f"{form.__module__}.{form.__qualname__}" for form in all_forms(GovForm) if takes_a_file(form)}
    assert asked == KNOWN, "Measure what reads a file that is uploaded there: tests/bombs.py"


def all_forms(of: type[forms.Form]) -> set[type[forms.Form]]:
    return {of}.union(*(all_forms(one) for one in of.__subclasses__()))


def takes_a_file(form: type[forms.Form]) -> bool:
    return any(isinstance(field, forms.FileField) for field in form.base_fields.values())


def test_a_hundred_kilobytes_cost_two_seconds_and_a_hundred_megabytes_at_the_most():
    """The worst of every kind, in a process whose memory and time the system bounds."""
    command = [sys.executable, "-m", "tests.bombs", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    costs = json.loads(done.stdout)
    assert set(costs) == {*bombs.LISTS, *bombs.HANDOUTS}
    for name, (size, seconds, memory, what) in costs.items():
        assert size <= bombs.MOST_OUTSIDE, name
        assert seconds <= MOST_SECONDS and memory <= MOST_BYTES, (name, seconds, memory, what)


@pytest.mark.django_db
def test_the_pages_of_the_largest_list_take_no_longer(browser_of, lead, cohort):
    """Five kilobytes that unpack to a thousand rows of sixty full cells, the most that is taken."""
    browser = browser_of(lead)
    began = time.process_time()
    upload = {"upload": SimpleUploadedFile("list.xlsx", bombs.LISTS["the largest list"]())}
    page = browser.post(reverse("caregivers:import", args=[cohort.code]), upload)
    assert time.process_time() - began <= MOST_SECONDS
    asked = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    began = time.process_time()
    told = {**asked, "column_0": "name", "source": "hub", "received_on": "2026-03-02"}
    page = browser.post(reverse("caregivers:import_check", args=[cohort.code]), told)
    assert time.process_time() - began <= MOST_SECONDS
    assert len(page.context["checked"].faults) == 998, "each row but the first is there twice"


@pytest.mark.django_db
def test_a_handout_that_unpacks_to_too_much_is_refused(browser_of, lead, cohort):
    from programmes.resources import files

    for name in ("a document that unpacks to much", "a document of many files"):
        assert files.kind_of(io.BytesIO(bombs.HANDOUTS[name]())) == ""
