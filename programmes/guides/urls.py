"""Reading programmes and their guides."""

from django.urls import path

from programmes.guides import views as guides

urlpatterns = [
    path("", guides.index, name="index"),
    path("programme/<str:code>/", guides.programme, name="programme"),
    path("<str:code>/", guides.guide, name="guide"),
    path("<str:code>/print/", guides.print_guide, name="print"),
    path("<str:code>/versions/", guides.versions, name="versions"),
]
