"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("evaluation.urls_public_cards")),  # before the links: "card" could be one
    path("", include("evaluation.urls_public_rounds")),
]
