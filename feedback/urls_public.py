"""Public pages: reached by a random code, never by a number."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
