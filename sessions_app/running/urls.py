from __future__ import annotations

from django.urls import path

from sessions_app.running import views as run

urlpatterns = [
    path("<str:code>/run/", run.run, name="run"),
    path("<str:code>/run/state/", run.run_state, name="run_state"),
    path("<str:code>/run/step/", run.step, name="step"),
    path("<str:code>/run/question/", run.note_question, name="note_question"),
    path("<str:code>/run/question/<str:question>/", run.take_up, name="take_up"),
    path("<str:code>/run/room/", run.room, name="room"),
    path("<str:code>/run/room/show/", run.show_in_room, name="show_in_room"),
]
