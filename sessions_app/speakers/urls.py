from __future__ import annotations

from django.urls import path

from sessions_app.speakers import views as speakers

urlpatterns = [
    path("<str:code>/plan/speaker/", speakers.add, name="add_speaker"),
    path("<str:code>/plan/speaker/<str:speaker>/", speakers.speaker, name="speaker"),
    path("<str:code>/plan/speaker/<str:speaker>/remove/", speakers.remove, name="remove_speaker"),
]
