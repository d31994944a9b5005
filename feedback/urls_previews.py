"""Questions as the people asked will see them."""

from django.urls import path

from feedback.views import preview

urlpatterns = [
    path("questions/<str:code>/preview/", preview.preview, name="preview"),
]
