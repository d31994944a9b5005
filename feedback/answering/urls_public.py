"""The form itself, for everybody."""

from django.urls import path

from feedback.answering import views as answer

urlpatterns = [
    path("slip/<str:sheet>/", answer.slips, name="slips"),  # first: slip/… is no form's code
    path("slip/<str:sheet>/<str:slip>/", answer.slip, name="slip"),
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
]
