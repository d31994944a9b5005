"""What the group asks for."""

from django.urls import path

from feedback.suggestions import views as suggestions

urlpatterns = [
    path("suggestions/<str:code>/", suggestions.suggestions, name="suggestions"),
    path("suggestions/<str:code>/add/", suggestions.add, name="suggestion_add"),
    path("suggestions/<str:code>/box/open/", suggestions.box_open, name="box_open"),
    path("suggestions/<str:code>/box/close/", suggestions.box_close, name="box_close"),
    path("suggestions/<str:code>/box/poster/", suggestions.box_poster, name="box_poster"),
    path("suggestion/<str:code>/", suggestions.suggestion, name="suggestion"),
]
