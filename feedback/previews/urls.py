"""Questions as the people asked will see them."""

from django.urls import path

from feedback.previews import views as preview

urlpatterns = [
    path("questions/<str:code>/preview/", preview.preview, name="preview"),
]
