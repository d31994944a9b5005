"""What somebody has open goes to others, in one go. Their sign-in is left as it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.accounts import leaving as domain
from ppg.accounts.leaving.forms import LeavingForm
from ppg.models import User


@requires(P.USER_MANAGE, again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def leaving(request: HttpRequest, code: str) -> HttpResponse:
    person = get_object_or_404(User, code=code)
    holdings = domain.holdings(person)
    form = LeavingForm(request.POST if request.method == "POST" else None, holdings=holdings)
    if form.is_valid():
        try:
            handed = domain.hand_over(user=person, choices=form.choices, by=request.user)
        except Refused as refusal:  # what is open, or who may take it, changed while they chose
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _done(len(handed)))
            return redirect("user", code)
    page = {"person": person, "holdings": holdings, "form": form, "to_think_of": domain.to_think_of(person)}
    return render(request, "account/leaving/page.html", page, status=422 if form.is_bound else 200)


def _done(n: int) -> str:
    if not n:
        return _("They have nothing open.")
    return ngettext("%(n)s thing is handed over.", "%(n)s things are handed over.", n) % {"n": n}
