"""What the group asks for, for everybody."""

from django.urls import path

from feedback.views import suggestions

urlpatterns = [
    path("box/<str:code>/", suggestions.box, name="box"),
    path("box/<str:code>/thanks/", suggestions.thanks, name="box_thanks"),
]
