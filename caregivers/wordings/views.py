"""The council's texts: the privacy notice, the consents, what is kept how long, the impact assessment.

A version that was published is never changed. A change is written, looked at as it will be shown, and published as
the next version.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.models import ConsentWording
from caregivers.wordings import actions
from caregivers.wordings.forms import PublishForm, WordingForm
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once


@requires(P.WORDING_EDIT)
@require_safe
def wordings(request: HttpRequest) -> HttpResponse:
    return render(request, "caregivers/wordings/list.html", {"wordings": ConsentWording.objects.in_use()})


def in_use(kind: str) -> ConsentWording:
    found = ConsentWording.objects.latest_of(kind)
    if found is None:
        raise Http404
    return found


@requires(P.WORDING_EDIT)
@require_safe
def wording(request: HttpRequest, kind: str) -> HttpResponse:
    """One text: the version in use, or an earlier one (`?version=`), and who published what when."""
    newest = in_use(kind)
    versions = list(ConsentWording.objects.filter(kind=kind).select_related("published_by").order_by("-version"))
    asked = request.GET.get("version", str(newest.version))
    shown = next((row for row in versions if str(row.version) == asked), None)
    if shown is None:
        raise Http404
    page = {"wording": shown, "newest": newest, "versions": versions}
    return render(request, "caregivers/wordings/wording.html", page)


@requires(P.WORDING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Writing the next version; nothing is kept until it is published."""
    current = in_use(kind)
    initial = {"text": current.text, "seen": current.version}
    form = WordingForm(request.POST or None, current=current, initial=initial)
    if form.is_valid() and request.POST.get("do") != "edit":
        values = form.cleaned_data
        draft = ConsentWording(kind=kind, version=current.version + 1, text=values["text"])
        page = {"wording": draft, "current": current, "form": PublishForm(current=current, initial=values)}
        page["form"].form_action = reverse("caregivers:wording_publish", args=[kind])
        return render(request, "caregivers/wordings/preview.html", page)
    return editor(request, current, form, status=422 if form.errors else 200)


def editor(request: HttpRequest, current: ConsentWording, form: WordingForm, status: int) -> HttpResponse:
    form.cancel_url = reverse("caregivers:wording", args=[current.kind])
    return render(request, "caregivers/wordings/change.html", {"wording": current, "form": form}, status=status)


@requires(P.WORDING_EDIT)
@require_POST
def publish(request: HttpRequest, kind: str) -> HttpResponse:
    current = in_use(kind)
    form = PublishForm(request.POST, current=current)
    if not form.is_valid():
        return editor(request, current, WordingForm(request.POST, current=current), status=422)
    values = form.cleaned_data
    key = values.pop("effect_key")
    try:
        once(
            key,
            lambda: str(actions.publish_wording(kind=kind, by=request.user, **values).version),
            by=request.user,
            of=f"wording {kind}",
        )
    except Refused as refusal:
        typed = {
            "text": values["text"],
            "seen": str(current.version),
        }
        again = WordingForm(typed, current=current)
        again.add_error(None, str(refusal))
        return editor(request, current, again, status=refusal.status)
    messages.success(request, _("Published. It is shown from now on; what people agreed to before keeps its wording."))
    return redirect("caregivers:wording", kind)
