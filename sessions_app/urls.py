"""Staff pages."""

from django.urls import path

from sessions_app.views import session, setting_up

app_name = "sessions"
urlpatterns = [
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/check/", setting_up.set_up_check, name="set_up_check"),
    path("<str:code>/", session.session, name="session"),
    path("<str:code>/print/", session.print_plan, name="print"),
]
