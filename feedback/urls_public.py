"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from feedback.views import answer, suggestions, tablet

urlpatterns = [
    path("box/<str:code>/", suggestions.box, name="box"),
    path("box/<str:code>/thanks/", suggestions.thanks, name="box_thanks"),
    path("<str:code>/", answer.answer, name="answer_form"),
    path("<str:code>/thanks/", answer.thanks, name="answer_thanks"),
    path("<str:code>/tablet/", tablet.start, name="tablet"),
    path("<str:code>/tablet/sheet/", tablet.sheet, name="tablet_sheet"),
    path("<str:code>/tablet/thanks/", tablet.thanks, name="tablet_thanks"),
]
