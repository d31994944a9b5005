"""The form itself, for everybody."""

from django.urls import path

from feedback.views import answer

urlpatterns = [
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
]
