"""A group asked before, after and three months later, for its team."""

from django.urls import path

from evaluation.rounds.views import rounds as views

urlpatterns = [
    path("groups/<str:code>/waves/", views.waves, name="waves"),
    path("groups/<str:code>/waves/open/", views.open_wave, name="open_wave"),
    path("groups/<str:code>/waves/plan/", views.plan, name="plan"),
    path("waves/<str:code>/close/", views.close_wave, name="close_wave"),
    path("waves/<str:code>/send/", views.send, name="send"),
    path("waves/<str:code>/<str:place>/link/", views.link, name="link"),
    path("waves/<str:code>/<str:place>/enter/", views.enter, name="enter"),
]
