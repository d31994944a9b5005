"""Questions in other languages."""

from django.urls import path

from feedback.languages import views as languages

urlpatterns = [
    path("questions/<str:code>/language/", languages.add_language, name="add_language"),
    path("questions/<str:code>/language/<str:language>/", languages.translation, name="translation"),
]
