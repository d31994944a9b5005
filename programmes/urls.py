"""Staff pages, room by room. `resources` stands before `editing`, whose pattern for one part would take its address."""

from django.urls import include, path

app_name = "programmes"
urlpatterns = [
    path("", include("programmes.urls_resources")),
    path("", include("programmes.urls_guides")),
    path("", include("programmes.urls_checklist")),
    path("", include("programmes.urls_team")),
    path("", include("programmes.urls_support")),
    path("", include("programmes.urls_editing")),
]
