"""One form on paper or on a tablet that is passed round, for its team."""

from __future__ import annotations

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback import paper_sheet
from feedback.actions.piles import piles_of, typing_of
from feedback.asking_queries import typists
from feedback.languages import said_in
from feedback.models import Form, Questionnaire
from ppg.access import requires
from ppg.links import site
from ppg.permissions import P
from ppg.refusals import Refused


@requires(P.FEEDBACK_SEE)
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The ways to answer without a phone of one's own."""
    form = found(request, code)
    page = {
        "form": form,
        "open": form.is_open(timezone.now()),
        "takes_sheets": typing_of(form) and not form.opened_with_id,
        "anonymous": is_anonymous(form),
        "piles": piles_of(request.user).filter(form=form),
        "said": said_in(form.questionnaire),
    }
    return render(request, "feedback/paper.html", page)


@requires(P.FEEDBACK_SEE)
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as a PDF, as many to print as there are people."""
    form = found(request, code)
    if form.closed_at:
        raise Refused(_("This form has closed. Print the sheet of the form that is open now."))
    made = paper_sheet.pdf(
        form,
        large="large" in request.GET,
        address=site(request) + reverse("answer_form", args=[form.code]) if is_anonymous(form) else "",
        language=request.GET.get("lang", ""),
    )
    name = "sheet-large-print.pdf" if "large" in request.GET else "sheet.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


@requires(P.FEEDBACK_SEE)
@require_POST
def pass_round(request: HttpRequest, code: str) -> HttpResponse:
    """Signs out of this browser, for good, before it goes from hand to hand.

    Ticks of the register that still wait stay on the device; what it shows of people goes (see `ppg.views.sign_out`).
    """
    form = found(request, code)
    if not is_anonymous(form) or not form.is_open(timezone.now()):
        raise Refused(_("This form has closed, so there is nothing to answer on a tablet."))
    logout(request)
    response = redirect("tablet", form.code)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def sheets_not_sent(request: HttpRequest, form: Form, cancel: str) -> HttpResponse | None:
    """Asks once more whether to close a form of which paper sheets are typed and not sent."""
    names = [] if "anyway" in request.POST or form.closed_at else typists(form)
    if not names:
        return None
    page = {"form": form, "names": get_text_list(names, _("and")), "n": len(names), "cancel_url": cancel}
    return render(request, "feedback/close_anyway.html", page)


def is_anonymous(form: Form) -> bool:
    """One address does for everybody."""
    return form.questionnaire.kind in (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL)


def found(request: HttpRequest, code: str) -> Form:
    """Not the one a suggestion box is made of: what goes into that is written freely, and never on a sheet of ours."""
    forms = Form.objects.visible_to(request.user).select_related("questionnaire", "cohort", "session")
    forms = forms.exclude(questionnaire__kind=Questionnaire.Kind.BOX)
    return get_object_or_404(forms, code=code)
