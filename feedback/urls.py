"""Staff pages."""

from django.urls import include, path

app_name = "feedback"
urlpatterns = [
    path("", include("feedback.asking.urls")),
    path("", include("feedback.your_part.urls")),
    path("", include("feedback.slips.urls")),
    path("", include("feedback.counting_out.urls")),
    path("", include("feedback.paper.urls")),
    path("", include("feedback.tablet.urls")),
    path("", include("feedback.questions.urls")),
    path("", include("feedback.previews.urls")),
    path("", include("feedback.languages.urls")),
    path("", include("feedback.suggestions.urls")),
    path("", include("feedback.focus_group.urls")),
    path("", include("feedback.comments.urls")),
    path("", include("feedback.quotes.urls")),
]
