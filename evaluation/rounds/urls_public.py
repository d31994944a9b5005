"""The questions, by a person's own link."""

from django.urls import path

from evaluation.rounds.views import answer as views

urlpatterns = [
    path("<str:token>/", views.answer, name="measure_answer"),
    path("<str:token>/thanks/", views.thanks, name="measure_thanks"),
]
