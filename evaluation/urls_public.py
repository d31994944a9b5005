"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from evaluation.views import answer

urlpatterns = [
    path("<str:token>/", answer.answer, name="measure_answer"),
    path("<str:token>/thanks/", answer.thanks, name="measure_thanks"),
]
