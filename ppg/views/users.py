"""Who signs in, and what each role may do."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ppg.access import requires
from ppg.accounts.mail import undelivered
from ppg.models import User
from ppg.permissions import GRANTS, P, Role

PAGE = 50


@requires(P.USER_MANAGE)
@require_safe
def users(request: HttpRequest) -> HttpResponse:
    page = Paginator(User.objects.all(), PAGE).get_page(request.GET.get("page"))
    roles = [{"label": role.label, "may": [p.value for p in P if p in GRANTS[role]]} for role in Role]
    context = {"page": page, "roles": roles, "undelivered": undelivered().count()}
    return render(request, "ppg/users.html", context)
