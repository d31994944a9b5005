from django.urls import path

from caregivers.rights import views

urlpatterns = [
    path("person/<str:code>/file/", views.show, name="handover"),
    path("person/<str:code>/file/json/", views.as_json, name="handover_json"),
    path("person/<str:code>/file/make/", views.make_pdf, name="handover_make"),
    path("person/<str:code>/file/pdf/", views.as_pdf, name="handover_pdf"),
    path("person/<str:code>/erase/", views.erase, name="erase"),
]
