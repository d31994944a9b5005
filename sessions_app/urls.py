"""Staff pages."""

from django.urls import path

from sessions_app.views import calendar, learned, plan, register, run, session, setting_up, somebody_else, speakers

app_name = "sessions"
urlpatterns = [
    path("set-up/", setting_up.set_up, name="set_up"),
    path("set-up/check/", setting_up.set_up_check, name="set_up_check"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/stop/", calendar.stop, name="calendar_stop"),
    path("learned/<str:code>/", learned.learned, name="learned"),
    path("learned/<str:code>/take/", learned.take_up, name="take"),
    path("<str:code>/", session.session, name="session"),
    path("<str:code>/print/", session.print_plan, name="print"),
    path("<str:code>/plan/", plan.plan, name="plan"),
    path("<str:code>/plan/move/", plan.move, name="move"),
    path("<str:code>/plan/cancel/", plan.cancel, name="cancel"),
    path("<str:code>/plan/put-back/", plan.put_back, name="put_back"),
    path("<str:code>/plan/add/", plan.add, name="add"),
    path("<str:code>/plan/agenda/", plan.agenda, name="agenda"),
    path("<str:code>/plan/speaker/", speakers.add, name="add_speaker"),
    path("<str:code>/plan/speaker/<str:speaker>/", speakers.speaker, name="speaker"),
    path("<str:code>/plan/speaker/<str:speaker>/remove/", speakers.remove, name="remove_speaker"),
    path("<str:code>/run/", run.run, name="run"),
    path("<str:code>/run/state/", run.run_state, name="run_state"),
    path("<str:code>/run/step/", run.step, name="step"),
    path("<str:code>/run/question/", run.note_question, name="note_question"),
    path("<str:code>/run/question/<str:question>/", run.take_up, name="take_up"),
    path("<str:code>/run/room/", run.room, name="room"),
    path("<str:code>/register/", register.register, name="register"),
    path("<str:code>/register/mark/", register.mark, name="mark"),
    path("<str:code>/register/everyone-here/", register.everyone_here, name="everyone_here"),
    path("<str:code>/register/history/", register.register_history, name="register_history"),
    path("<str:code>/register/print/", register.register_print, name="register_print"),
    path("<str:code>/register/somebody-else/", somebody_else.somebody_else, name="somebody_else"),
    path("<str:code>/register/of/<str:place>/", register.row_details, name="row_details"),
]
