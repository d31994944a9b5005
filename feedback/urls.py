"""Staff pages."""

from django.urls import include, path

app_name = "feedback"
urlpatterns = [
    path("", include("feedback.urls_asking")),
    path("", include("feedback.urls_paper")),
    path("", include("feedback.urls_tablet")),
    path("", include("feedback.urls_questions")),
    path("", include("feedback.urls_previews")),
    path("", include("feedback.urls_languages")),
    path("", include("feedback.urls_suggestions")),
    path("", include("feedback.urls_focus_group")),
    path("", include("feedback.urls_comments")),
    path("", include("feedback.urls_quotes")),
]
