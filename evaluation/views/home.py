"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ppg.access import signed_in


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "evaluation/home.html")
