"""Public pages: reached by a random code, never by a number."""

from django.urls import path

from evaluation.views import answer, card_answer

urlpatterns = [
    path("card/", card_answer.card, name="card"),
    path("card/thanks/", card_answer.thanks, name="card_thanks"),
    path("card/take-out/", card_answer.take_out, name="card_withdraw"),
    path("card/<str:code>/", card_answer.answer, name="card_answer"),
    path("<str:token>/", answer.answer, name="measure_answer"),
    path("<str:token>/thanks/", answer.thanks, name="measure_thanks"),
]
