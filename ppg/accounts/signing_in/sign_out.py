"""Leaving."""

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse

from ppg.access.marks import before_factor, signed_in, stays_open
from ppg.accounts.signing_in.expired import ask
from ppg.forms.carried import SEALED


@before_factor
@stays_open
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session, and the browser throws away what it keeps of us.

    The script on the button says that no tick of the register waits on the device (`nothing_waits`); without that
    word the storage stays, so that none is lost. The names in it the script removes itself, as the sign-in page does.
    """
    response = account.logout(request)
    if request.method == "POST":
        if sealed := request.POST.get(SEALED):  # typed by somebody else than who was signed in
            response = ask(request, sealed, request.POST.get("next", ""))
        everything = "nothing_waits" in request.POST
        response.headers["Clear-Site-Data"] = '"cache", "storage"' if everything else '"cache"'
    return response
