"""Counting out the slips of a form."""

from django.urls import path

from feedback.counting_out import views as counting

urlpatterns = [
    path("forms/<str:code>/count/", counting.count, name="count"),
]
