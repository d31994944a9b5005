"""Staff pages, room by room. `resources` stands before `editing`, whose pattern for one part would take its address."""

from django.urls import include, path

app_name = "programmes"
urlpatterns = [
    path("", include("programmes.resources.urls")),
    path("", include("programmes.guides.urls")),
    path("", include("programmes.checklist.urls")),
    path("", include("programmes.team.urls")),
    path("", include("programmes.support.urls")),
    path("", include("programmes.editing.urls")),
]
