from django.urls import path

from caregivers.views import rights

urlpatterns = [
    path("person/<str:code>/file/", rights.show, name="handover"),
    path("person/<str:code>/file/json/", rights.as_json, name="handover_json"),
    path("person/<str:code>/file/make/", rights.make_pdf, name="handover_make"),
    path("person/<str:code>/file/pdf/", rights.as_pdf, name="handover_pdf"),
    path("person/<str:code>/erase/", rights.erase, name="erase"),
]
