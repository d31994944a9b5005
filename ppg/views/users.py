"""Who signs in, with which role."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ppg.access import requires
from ppg.models import User
from ppg.permissions import P


@requires(P.USER_MANAGE)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "ppg/users.html", {"users": User.objects.all()})
