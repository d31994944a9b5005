"""Anonymous data."""

from django.urls import path

from evaluation.data import views

urlpatterns = [
    path("data/", views.data, name="data"),
    path("groups/<str:code>/data/", views.data_of, name="data_of"),
    path("groups/<str:code>/data/xlsx/", views.xlsx, name="data_xlsx"),
    path("groups/<str:code>/data/csv/", views.csv, name="data_csv"),
]
