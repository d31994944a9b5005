"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from feedback.views import answer, box

urlpatterns = [
    path("box/<str:code>/", box.box, name="box"),
    path("box/<str:code>/thanks/", box.thanks, name="box_thanks"),
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
]
