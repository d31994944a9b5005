"""A tablet that is passed round."""

from django.urls import path

from feedback.tablet import views as tablet

urlpatterns = [
    path("forms/<str:code>/tablet/", tablet.pass_round, name="pass_round"),
]
