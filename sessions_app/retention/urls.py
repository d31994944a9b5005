from __future__ import annotations

from django.urls import path

from sessions_app.retention import views as retention

urlpatterns = [
    path("retention/", retention.overview, name="retention"),
    path("retention/group/", retention.group, name="retention_group"),
    path("retention/hold/", retention.hold, name="retention_hold"),
    path("retention/hold/end/", retention.end_hold, name="retention_hold_end"),
]
