"""Staff pages."""

from django.urls import path

from programmes.views import guides

app_name = "programmes"
urlpatterns = [
    path("", guides.index, name="index"),
    path("programme/<str:code>/", guides.programme, name="programme"),
    path("<str:code>/", guides.guide, name="guide"),
    path("<str:code>/print/", guides.print_guide, name="print"),
]
