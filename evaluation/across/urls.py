"""Reports over many groups."""

from django.urls import path

from evaluation.across import views

urlpatterns = [
    path("across/", views.across, name="across"),
    path("across/<str:code>/", views.report, name="across_report"),
    path("across/<str:code>/progress/", views.progress, name="across_progress"),
    path("across/<str:code>/cancel/", views.cancel, name="across_cancel"),
    path("across/<str:code>/pdf/", views.pdf, name="across_pdf"),
    path("across/<str:code>/xlsx/", views.xlsx, name="across_xlsx"),
    path("across/<str:code>/csv/", views.csv, name="across_csv"),
]
