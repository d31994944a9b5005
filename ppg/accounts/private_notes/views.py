"""Private notes: one page, always one's own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.accounts.private_notes import actions
from ppg.accounts.private_notes.forms import NotesForm
from ppg.accounts.private_notes.queries import notes_of
from ppg.versions import ChangedMeanwhile


@requires(P.PRIVATE_NOTES)
@require_http_methods(["GET", "HEAD", "POST"])
def private_notes(request: HttpRequest) -> HttpResponse:
    kept = notes_of(request.user)
    form = NotesForm(request.POST or None, initial={"text": kept.text, "version": kept.version})
    page: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            actions.write(by=request.user, **form.cleaned_data)
        except ChangedMeanwhile as refused:
            page = _shown_again(request, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("private_notes")
    return render(request, "account/private_notes/notes.html", page, status=422 if form.is_bound else 200)


def _shown_again(request: HttpRequest, why: str) -> dict[str, object]:
    """What was typed stays, what is saved stands beside it; pressing again means what is saved now."""
    saved = notes_of(request.user)
    typed = request.POST.copy()
    typed["version"] = str(saved.version)
    form = NotesForm(typed)
    form.is_valid()
    form.add_error("text", why)
    return {"form": form, "saved": saved.text}
