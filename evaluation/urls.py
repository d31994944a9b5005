"""Staff pages."""

from django.urls import path

from evaluation.views import (
    across,
    cards,
    contents,
    data,
    figures,
    measures,
    plan,
    publishing,
    versions,
    waves,
    writing,
)

app_name = "evaluation"
urlpatterns = [
    path("groups/<str:code>/waves/", waves.waves, name="waves"),
    path("groups/<str:code>/waves/open/", waves.open_wave, name="open_wave"),
    path("groups/<str:code>/waves/plan/", plan.plan, name="plan"),
    path("groups/<str:code>/waves/cards/", cards.cards, name="cards"),
    path("waves/<str:code>/close/", waves.close_wave, name="close_wave"),
    path("waves/<str:code>/send/", waves.send, name="send"),
    path("waves/<str:code>/<str:place>/link/", waves.link, name="link"),
    path("waves/<str:code>/<str:place>/enter/", waves.enter, name="enter"),
    path("measures/<str:code>/", measures.measure, name="measure"),
    path("data/", data.data, name="data"),
    path("groups/<str:code>/data/", data.data_of, name="data_of"),
    path("groups/<str:code>/data/xlsx/", data.xlsx, name="data_xlsx"),
    path("groups/<str:code>/data/csv/", data.csv, name="data_csv"),
    path("across/", across.across, name="across"),
    path("across/<str:code>/", across.report, name="across_report"),
    path("across/<str:code>/progress/", across.progress, name="across_progress"),
    path("across/<str:code>/cancel/", across.cancel, name="across_cancel"),
    path("across/<str:code>/pdf/", across.pdf, name="across_pdf"),
    path("across/<str:code>/xlsx/", across.xlsx, name="across_xlsx"),
    path("across/<str:code>/csv/", across.csv, name="across_csv"),
    path("groups/<str:code>/figures/", figures.figures, name="figures"),
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
