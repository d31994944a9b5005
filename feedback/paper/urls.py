"""On paper: the sheet, and piles that are typed in."""

from django.urls import path

from feedback.paper import views as paper

urlpatterns = [
    path("forms/<str:code>/paper/", paper.paper, name="paper"),
    path("forms/<str:code>/paper/sheet/", paper.sheet, name="paper_sheet"),
    path("forms/<str:code>/type/", paper.begin, name="type"),
    path("forms/<str:code>/type/<str:pile>/", paper.pile, name="pile"),
    path("forms/<str:code>/type/<str:pile>/check/", paper.check, name="pile_check"),
    path("forms/<str:code>/type/<str:pile>/again/", paper.again, name="pile_again"),
    path("forms/<str:code>/type/<str:pile>/resize/", paper.resize, name="pile_resize"),
    path("forms/<str:code>/type/<str:pile>/discard/", paper.discard, name="pile_discard"),
]
