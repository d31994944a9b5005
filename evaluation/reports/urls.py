"""A group's report."""

from django.urls import path

from evaluation.reports.views import contents, publishing, versions, writing

RECOMMENDATION = "groups/<str:code>/report/recommendations/<str:which>"
QUOTE = "groups/<str:code>/report/quotes/<str:which>"

urlpatterns = [
    path("groups/<str:code>/report/", writing.report, name="report"),
    path("groups/<str:code>/report/earlier/", writing.earlier, name="earlier"),
    path("groups/<str:code>/report/recommendations/", contents.recommendations, name="recommendations"),
    path(f"{RECOMMENDATION}/change/", contents.recommendation_change, name="recommendation_change"),
    path(f"{RECOMMENDATION}/up/", contents.recommendation_up, name="recommendation_up"),
    path(f"{RECOMMENDATION}/down/", contents.recommendation_down, name="recommendation_down"),
    path(f"{RECOMMENDATION}/remove/", contents.recommendation_remove, name="recommendation_remove"),
    path("groups/<str:code>/report/quotes/", contents.quotes, name="report_quotes"),
    path(f"{QUOTE}/choose/", contents.quote_choose, name="report_quote_choose"),
    path(f"{QUOTE}/leave-out/", contents.quote_leave_out, name="report_quote_leave_out"),
    path(f"{QUOTE}/up/", contents.quote_up, name="report_quote_up"),
    path(f"{QUOTE}/down/", contents.quote_down, name="report_quote_down"),
    path("groups/<str:code>/report/publish/", publishing.publish, name="publish"),
    path("groups/<str:code>/report/preview/", versions.preview, name="preview"),
    path("reports/<str:code>/", versions.version, name="version"),
    path("reports/<str:code>/pdf/", versions.pdf, name="pdf"),
    path("reports/<str:code>/shared/", versions.shared, name="shared"),
    path("reports/<str:code>/shared/pdf/", versions.shared_pdf, name="shared_pdf"),
]
