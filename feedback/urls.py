"""Staff pages."""

from django.urls import path

from feedback.views import session

app_name = "feedback"
urlpatterns = [
    path("session/<str:code>/", session.session, name="session"),
    path("session/<str:code>/open/", session.open_form, name="open"),
    path("session/<str:code>/close/", session.close_form, name="close"),
    path("session/<str:code>/poster/", session.poster, name="poster"),
]
