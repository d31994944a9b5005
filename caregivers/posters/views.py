"""The poster of a group: seen before it is printed, switched on and off, downloaded."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from caregivers.models import Poster
from caregivers.places.rules import Places
from caregivers.posters import actions, context
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.links.codes import site
from programmes.models import Cohort


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


def poster_of(cohort: Cohort) -> Poster | None:
    return Poster.objects.filter(cohort=cohort).select_related("cohort").defer("pdf").first()


@requires(P.RECRUIT)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    made, host = poster_of(cohort), site(request)
    page = {
        "cohort": cohort,
        "poster": made,
        "words": context.words(made, host) if made else {},
        "pdf_ready": bool(made and made.pdf_of == context.edition(made, host)),
        "full": Places.of(cohort, timezone.now()).free == 0,
    }
    return render(request, "caregivers/posters/manage.html", page)


@requires(P.RECRUIT)
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """On or off, as the button says: sent twice it is the same."""
    cohort = find(request, code)
    on = request.POST.get("on") == "yes"
    actions.switch_poster(cohort=cohort, on=on, by=request.user, site=site(request))
    said = (
        _("The poster is live. New names appear under Referred.")
        if on
        else _("The poster is off. Nobody can leave a name any more.")
    )
    messages.success(request, said)
    return redirect("caregivers:poster", cohort.code)


@requires(P.RECRUIT)
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    made = Poster.objects.filter(cohort=cohort).select_related("cohort").first()
    if made is None:
        raise Http404
    if made.closed_at:
        raise Refused(_("The poster is switched off. Switch it on before you print it."))
    if made.pdf is None or made.pdf_of != context.edition(made, site(request)):
        raise Refused(_("The PDF is being made. Go back and try again in a minute."))
    audit.record(request.user, audit.Verb.DOWNLOADED, made, cohort=cohort)
    headers = {"Content-Disposition": 'attachment; filename="poster.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(bytes(made.pdf), content_type="application/pdf", headers=headers)
