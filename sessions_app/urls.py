"""Staff pages."""

from django.urls import path

from sessions_app.views import register, session, setting_up, somebody_else

app_name = "sessions"
urlpatterns = [
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/check/", setting_up.set_up_check, name="set_up_check"),
    path("<str:code>/", session.session, name="session"),
    path("<str:code>/print/", session.print_plan, name="print"),
    path("<str:code>/register/", register.register, name="register"),
    path("<str:code>/register/mark/", register.mark, name="mark"),
    path("<str:code>/register/everyone-here/", register.everyone_here, name="everyone_here"),
    path("<str:code>/register/history/", register.register_history, name="register_history"),
    path("<str:code>/register/print/", register.register_print, name="register_print"),
    path("<str:code>/register/somebody-else/", somebody_else.somebody_else, name="somebody_else"),
    path("<str:code>/register/of/<str:place>/", register.row_details, name="row_details"),
]
