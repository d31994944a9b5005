"""Staff pages: each room's own. An address of one word comes before `<code>/`, which the session's page has."""

from django.urls import include, path

app_name = "sessions"
urlpatterns = [
    path("", include("sessions_app.urls_retention")),
    path("", include("sessions_app.urls_setting_up")),
    path("", include("sessions_app.urls_setting_time")),
    path("", include("sessions_app.urls_calendar")),
    path("", include("sessions_app.urls_learning")),
    path("", include("sessions_app.urls_register")),
    path("", include("sessions_app.urls_session")),
    path("", include("sessions_app.urls_planning")),
    path("", include("sessions_app.urls_speakers")),
    path("", include("sessions_app.urls_running")),
    path("", include("sessions_app.urls_preparing")),
    path("", include("sessions_app.urls_after")),
    path("", include("sessions_app.urls_closing")),
    path("", include("sessions_app.urls_packs")),
]
