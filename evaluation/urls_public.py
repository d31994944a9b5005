"""Public pages: reached by a random code, never by a number."""

from django.urls import include, path

urlpatterns = [
    path("", include("evaluation.cards.urls_public")),  # before the links: "card" and "answers" could be one
    path("", include("evaluation.own_answers.urls_public")),
    path("", include("evaluation.rounds.urls_public")),
]
