"""Staff pages."""

from django.urls import include, path

app_name = "evaluation"
urlpatterns = [
    path("", include("evaluation.rounds.urls")),
    path("", include("evaluation.cards.urls")),
    path("", include("evaluation.own_answers.urls")),
    path("", include("evaluation.measures.urls")),
    path("", include("evaluation.data.urls")),
    path("", include("evaluation.across.urls")),
    path("", include("evaluation.live.urls")),
    path("", include("evaluation.reports.urls")),
]
