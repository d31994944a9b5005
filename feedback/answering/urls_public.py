"""The form itself, for everybody."""

from django.urls import path

from feedback.answering import views as answer

urlpatterns = [
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
]
