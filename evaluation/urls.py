"""Staff pages."""

from django.urls import include, path

app_name = "evaluation"
urlpatterns = [
    path("", include("evaluation.urls_rounds")),
    path("", include("evaluation.urls_cards")),
    path("", include("evaluation.urls_measures")),
    path("", include("evaluation.urls_data")),
    path("", include("evaluation.urls_across")),
    path("", include("evaluation.urls_live")),
    path("", include("evaluation.urls_reports")),
]
