"""What the holder of a card does."""

from django.urls import path

from evaluation.cards.views import answer as views

urlpatterns = [
    path("card/", views.card, name="card"),
    path("card/thanks/", views.thanks, name="card_thanks"),
    path("card/take-out/", views.take_out, name="card_withdraw"),
    path("card/<str:code>/", views.answer, name="card_answer"),
]
