"""Films, documents and things."""

from django.urls import path

from programmes.resources import views as resources

urlpatterns = [
    path("resource/<str:code>/", resources.resource, name="resource"),
    path("resource/<str:code>/file/", resources.download, name="download"),
    path("<str:code>/edit/new-resource/", resources.add_resource, name="add_resource"),
]
