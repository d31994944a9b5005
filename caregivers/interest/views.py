"""The page behind the poster's code: somebody would like to hear from us.

Anybody may open it. It asks for a name and how to reach them and says what nobody should read over a shoulder: nothing.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caregivers.interest import actions
from caregivers.interest.forms import InterestForm
from caregivers.models import Poster
from ppg.access.marks import public
from ppg.access.refusals import Refused
from ppg.forms.back import kept_for_back
from ppg.forms.effects import once
from ppg.limits import DAY, count, network, too_many
from ppg.links.views import ended

MOST, SECONDS = 20, 600  # from one address: an open day's wifi is one for everybody in the room


@public
@require_http_methods(["GET", "HEAD", "POST"])
def interest(request: HttpRequest, code: str) -> HttpResponse:
    # Typed by hand from a wall: capital letters do as well.
    poster = Poster.objects.defer("pdf").filter(code=code.lower()).first()
    if poster is None:
        return ended(request)
    if poster.closed_at:
        return closed(request)
    form = InterestForm(request.POST or None)
    status = 422 if form.is_bound else 200
    if form.is_bound and too_many(request, "interest", most=MOST, seconds=SECONDS):
        form.add_error(None, _("Too many tries. Wait ten minutes, then press the button again."))
        status = 429
    elif form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        # Counted here, since the transaction below would take it back. What names a person names the moment anyway.
        from_here = count("interest of a day", poster.code, network(request), seconds=DAY)
        try:
            once(
                key,
                lambda: actions.express_interest(poster=poster, from_here=from_here, **values).code,
                by=None,
                of=f"interest {poster.code}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            return redirect("interest_thanks")
    return kept_for_back(render(request, "caregivers/interest/interest.html", {"form": form}, status=status), form)


def closed(request: HttpRequest) -> HttpResponse:
    """Switched off. Whoever pressed Send meanwhile is told that nothing was kept."""
    sent = request.method == "POST"
    return render(request, "caregivers/interest/closed.html", {"sent": sent}, status=409 if sent else 200)


@public
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "caregivers/interest/thanks.html")
