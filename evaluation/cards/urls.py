"""Cards, for the team."""

from django.urls import path

from evaluation.cards.views import cards as views

urlpatterns = [
    path("groups/<str:code>/waves/cards/", views.cards, name="cards"),
]
