"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from feedback.views import answer

urlpatterns = [
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
]
