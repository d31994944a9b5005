"""A tablet that goes round a room: one sheet after the other, and nothing of the last one left on it.

Public like the form itself, and nobody is signed in there (`views.paper.pass_round`). Unlike on a phone of one's own
every look is a new sheet: pages are never stored, fields have other names each time, and Back finds an empty one.
"""

from __future__ import annotations

import re
import secrets
from typing import Any

from crispy_forms.helper import FormHelper
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback import languages, threshold
from feedback.actions import receiving
from feedback.forms import AnswerForm
from feedback.models import Form
from feedback.views.answer import MOST_SENDS, TOO_MANY, WITHIN_SECONDS
from ppg.access import public
from ppg.limits import too_many_in_memory
from ppg.refusals import Refused
from ppg.views.links import ended

SHEET = re.compile(r"s[0-9a-f]{12}")


class TabletForm(AnswerForm):
    """Its fields carry the sheet's own name, so that a browser has nothing to fill in from an earlier sheet."""

    def __init__(self, *args: Any, prefix: str, **kwargs: Any):
        super().__init__(*args, prefix=prefix, csrf=False, **kwargs)
        self.form_action = f"?{prefix}"

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.attrs = {**(helper.attrs or {}), "autocomplete": "off"}
        return helper


@public
@require_safe
def start(request: HttpRequest, code: str) -> HttpResponse:
    """Between two people."""
    return render(request, "feedback/tablet.html", {"code": code}) if asked_in(code) else ended(request)


@public
@csrf_exempt  # as on the form itself
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    asked = asked_in(code)
    if asked is None:
        return ended(request)
    said = languages.said_in(asked.questionnaire, request.GET.get("lang", ""))
    name = next(filter(SHEET.fullmatch, request.GET), f"s{secrets.token_hex(6)}")
    form = TabletForm(said.questions, request.POST if request.method == "POST" else None, prefix=name, said=said)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if too_many_in_memory(request, "answer", most=MOST_SENDS, seconds=WITHIN_SECONDS):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            try:
                receiving.receive(form=asked, answers=form.payload(), nonce=form.nonce)
                return redirect("tablet_thanks", code)
            except receiving.Closed:
                return ended(request)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    page = {"form": form, "said": said, "least": threshold.least(), "code": code}
    with translation.override(languages.interface(said.language.code if said.language else "")):
        return render(request, "feedback/tablet_sheet.html", page, status=status)


@public
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same for every code, without looking it up."""
    return render(request, "feedback/tablet.html", {"code": code, "sent": True})


def asked_in(code: str) -> Form | None:
    return Form.objects.anonymous().open(timezone.now()).filter(code=code).select_related("questionnaire").first()
