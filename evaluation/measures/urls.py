"""How a measure is scored."""

from django.urls import path

from evaluation.measures import views

urlpatterns = [
    path("measures/<str:code>/", views.measure, name="measure"),
]
