"""A group's figures as they stand."""

from django.urls import path

from evaluation.live import views

urlpatterns = [
    path("groups/<str:code>/figures/", views.figures, name="figures"),
]
