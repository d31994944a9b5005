"""What the group asks for, for everybody."""

from django.urls import path

from feedback.suggestions import views as suggestions

urlpatterns = [
    path("box/<str:code>/", suggestions.box, name="box"),
    path("box/<str:code>/thanks/", suggestions.thanks, name="box_thanks"),
]
