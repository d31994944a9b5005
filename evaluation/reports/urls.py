"""A group's report."""

from django.urls import path

from evaluation.reports.views import contents, publishing, versions, writing

urlpatterns = [
    path("groups/<str:code>/report/", writing.report, name="report"),
    path("groups/<str:code>/report/earlier/", writing.earlier, name="earlier"),
    path("groups/<str:code>/report/recommendations/", contents.recommendations, name="recommendations"),
    path("groups/<str:code>/report/quotes/", contents.quotes, name="report_quotes"),
    path("groups/<str:code>/report/publish/", publishing.publish, name="publish"),
    path("groups/<str:code>/report/preview/", versions.preview, name="preview"),
    path("reports/<str:code>/", versions.version, name="version"),
    path("reports/<str:code>/pdf/", versions.pdf, name="pdf"),
    path("reports/<str:code>/shared/", versions.shared, name="shared"),
    path("reports/<str:code>/shared/pdf/", versions.shared_pdf, name="shared_pdf"),
]
