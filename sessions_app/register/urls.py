from __future__ import annotations

from django.urls import path

from sessions_app.register import views as register

urlpatterns = [
    path("register-worker.js", register.register_worker, name="register_worker"),
    path("<str:code>/register/", register.register, name="register"),
    path("<str:code>/register/mark/", register.mark, name="mark"),
    path("<str:code>/register/everyone-here/", register.everyone_here, name="everyone_here"),
    path("<str:code>/register/undo-everyone/", register.undo_everyone, name="undo_everyone"),
    path("<str:code>/register/history/", register.register_history, name="register_history"),
    path("<str:code>/register/print/", register.register_print, name="register_print"),
    path("<str:code>/register/somebody-else/", register.somebody_else, name="somebody_else"),
    path("<str:code>/register/of/<str:place>/", register.row_details, name="row_details"),
]
