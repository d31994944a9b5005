from django.urls import path

from caregivers.importing import views

urlpatterns = [
    path("<str:code>/import/", views.file, name="import"),
    path("<str:code>/import/template/", views.template, name="import_template"),
    path("<str:code>/import/check/", views.look, name="import_check"),
    path("<str:code>/import/faults/", views.faults, name="import_faults"),
    path("<str:code>/import/do/", views.do, name="import_do"),
]
