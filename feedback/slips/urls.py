"""Slips, for whoever prints them, and the weaker way without them."""

from django.urls import path

from feedback.slips import views as slips

urlpatterns = [
    path("slips/", slips.slips, name="slips"),
    path("slips/session/<str:code>/", slips.of_session, name="slips_session"),
    path("slips/after/<str:code>/", slips.after_programme, name="slips_after"),
    path("group/<str:code>/link/", slips.link, name="link"),
]
