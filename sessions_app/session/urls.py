from __future__ import annotations

from django.urls import path

from sessions_app.session import views as session

urlpatterns = [
    path("<str:code>/", session.session, name="session"),
    path("<str:code>/print/", session.print_plan, name="print"),
]
