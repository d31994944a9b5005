"""Cards, for whoever prints them and for those who count them out."""

from django.urls import path

from evaluation.cards.views import cards as views

urlpatterns = [
    path("groups/<str:code>/waves/cards/", views.cards, name="cards"),
    path("groups/<str:code>/waves/cards/count/", views.count, name="count_cards"),
]
