from django.urls import path

from caregivers.views import importing

urlpatterns = [
    path("<str:code>/import/", importing.file, name="import"),
    path("<str:code>/import/template/", importing.template, name="import_template"),
    path("<str:code>/import/check/", importing.look, name="import_check"),
    path("<str:code>/import/faults/", importing.faults, name="import_faults"),
    path("<str:code>/import/do/", importing.do, name="import_do"),
]
