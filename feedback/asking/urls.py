"""A form before its group: open, show, close, read."""

from django.urls import path

from feedback.asking import views as asking

urlpatterns = [
    path("session/<str:code>/", asking.session, name="session"),
    path("session/<str:code>/open/", asking.open_form, name="open"),
    path("session/<str:code>/close/", asking.close_form, name="close"),
    path("session/<str:code>/show/", asking.show, name="show"),
    path("session/<str:code>/poster/", asking.poster, name="poster"),
    path("group/<str:code>/after/", asking.after, name="after"),
    path("group/<str:code>/after/open/", asking.open_final, name="after_open"),
    path("group/<str:code>/after/close/", asking.close_final, name="after_close"),
    path("group/<str:code>/after/poster/", asking.final_poster, name="after_poster"),
    path("forms/<str:code>/close/", asking.close_early, name="close_early"),
]
