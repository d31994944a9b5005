from __future__ import annotations

from django.urls import path

from sessions_app.calendar import views as calendar

urlpatterns = [path("<str:token>.ics", calendar.feed, name="calendar_feed")]
