"""A tablet that is passed round."""

from django.urls import path

from feedback.views import tablet

urlpatterns = [
    path("forms/<str:code>/tablet/", tablet.pass_round, name="pass_round"),
]
