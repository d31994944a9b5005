"""Staff pages: each room's own. An address of one word comes before `<code>/`, which the session's page has."""

from django.urls import include, path

app_name = "sessions"
urlpatterns = [
    path("", include("sessions_app.retention.urls")),
    path("", include("sessions_app.setting_up.urls")),
    path("", include("sessions_app.setting_time.urls")),
    path("", include("sessions_app.calendar.urls")),
    path("", include("sessions_app.learning.urls")),
    path("", include("sessions_app.register.urls")),
    path("", include("sessions_app.session.urls")),
    path("", include("sessions_app.planning.urls")),
    path("", include("sessions_app.speakers.urls")),
    path("", include("sessions_app.running.urls")),
    path("", include("sessions_app.preparing.urls")),
    path("", include("sessions_app.after.urls")),
    path("", include("sessions_app.closing.urls")),
    path("", include("sessions_app.packs.urls")),
]
