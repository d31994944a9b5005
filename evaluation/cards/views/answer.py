"""What the holder of a card does: type the code, answer, take the answers out. No account, no cookie, no script.

The code stands in the address of the questions, as any personal link does; log lines leave it out.
"""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.cards import actions
from evaluation.cards.forms import CodeForm, TakeOutForm
from evaluation.cards.queries import wave_for
from evaluation.models import Wave
from evaluation.withdrawing.receipt import card_lines
from feedback.answering.forms import AnswerForm
from feedback.answering.sending import in_language, take_in
from feedback.answering.views import thanked
from feedback.languages import texts
from feedback.languages.queries import Said, interface, said_in
from feedback.models import Questionnaire
from feedback.slips import tries
from ppg.access.marks import public
from ppg.access.refusals import Refused
from ppg.forms.back import kept_for_back
from ppg.limits import network, too_many, too_many_in_memory, used_up
from ppg.links import typed_codes as cards


def busy(request: HttpRequest, code: str) -> bool:
    """A good code leaves no row anywhere that says when it came; who tries out codes leaves one for the wrong ones.
    How often one code is used is counted for itself, so that nobody uses up what others have."""
    if used_up("wrong code", network(request), most=tries.MOST_CODES, seconds=tries.WITHIN_SECONDS):
        return True
    return too_many_in_memory("card", code, most=tries.MOST_CODES, seconds=tries.WITHIN_SECONDS)


def wrong(request: HttpRequest) -> int:
    """Counts a code that is on no card of ours. The status of the answer, which says no more than that."""
    return 429 if too_many(request, "wrong code", most=tries.MOST_CODES, seconds=tries.WITHIN_SECONDS) else 0


@public
@csrf_exempt  # nobody is signed in, as with session feedback; the code is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and busy(request, request.POST.get("code", "")):
        return asked_for_code(request, CodeForm(initial={"code": request.POST.get("code", "")}), 429)
    if form.is_valid():
        return redirect("card_answer", cards.printed(form.cleaned_data["code"]))
    return asked_for_code(request, form, (wrong(request) or 422) if form.is_bound else 200)


def asked_for_code(request: HttpRequest, form: CodeForm, status: int) -> HttpResponse:
    page = {"form": form, "too_many": tries.TOO_MANY if status == 429 else ""}
    return render(request, "evaluation/cards/code.html", page, status=status)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The questions of the open round. Whether this card has answered before is told to nobody, not even here."""
    if busy(request, code):
        return asked_for_code(request, CodeForm(initial={"code": code}), 429)
    opened = CodeForm({"code": code})
    if not opened.is_valid() or opened.card is None:
        return asked_for_code(request, opened, wrong(request) or 404)
    wave = wave_for(opened.card, timezone.now())
    if wave is None:
        return render(request, "evaluation/cards/none.html", {"withdrawn": opened.card.withdrawn})
    said = said_in(wave.form.questionnaire, request.GET.get("lang", ""))
    form = AnswerForm(said.questions, request.POST if request.method == "POST" else None, csrf=False, said=said)
    thanks_page = reverse("card_thanks") + in_language(said.language)
    form.above_button = by_sending(said, again=wave.point != Wave.Point.BEFORE)
    keep = partial(actions.receive_by_card, wave=wave, code=opened.cleaned_data["code"])
    # Refused: closed, or the card was taken out, while they wrote.
    taken = take_in(request, form, keep, thanks=thanks_page, over=Refused)
    if isinstance(taken, HttpResponse):
        return taken
    page = {"form": form, "said": said, "after": wave.point != Wave.Point.BEFORE}
    page |= {"promise": texts.BY_CARD, "still": texts.STILL_BY_CARD}
    with translation.override(interface(said.language.code if said.language else "")):
        response = render(request, "evaluation/cards/answer.html", page, status=taken)
    return kept_for_back(response, form)  # sent again it is not a second answer


def by_sending(said: Said, *, again: bool) -> str:
    """What sending agrees to: it stands by the button that does it."""
    if said.language:
        return said.page["by_sending"]
    agreed = _(
        "By sending you agree that we use your answers to learn what helps. You can take them out at any time with "
        "your card. If you send twice, the first time counts."
    )
    first = _("We use what you send now if you used this card the first time we asked, too.")
    return f"{agreed} {first}" if again else agreed


@public
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return thanked(request, "evaluation/cards/thanks.html", (Questionnaire.Kind.MEASURE,))


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request: HttpRequest) -> HttpResponse:
    """The receipt is the answer to the press: there is no address that shows it. Pressed twice, it is the same."""
    now, status = timezone.now(), 200
    form = TakeOutForm(request.POST if request.method == "POST" else None)
    if form.is_bound and busy(request, request.POST.get("code", "")):
        form, status = TakeOutForm(initial={"code": request.POST.get("code", "")}), 429
    elif form.is_valid():
        withdrawn = actions.withdraw_card(code=form.cleaned_data["code"])
        lines = card_lines(withdrawn) if withdrawn else []
        return render(request, "evaluation/cards/taken_out.html", {"day": now, "lines": lines})
    elif form.is_bound:
        status = wrong(request) or 422
    page = {"form": form, "too_many": tries.TOO_MANY if status == 429 else ""}
    return render(request, "evaluation/cards/take_out.html", page, status=status)
