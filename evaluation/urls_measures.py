"""How a measure is scored."""

from django.urls import path

from evaluation.views import measures as views

urlpatterns = [
    path("measures/<str:code>/", views.measure, name="measure"),
]
