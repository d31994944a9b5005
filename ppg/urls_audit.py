from django.urls import path

from ppg.views import audit

urlpatterns = [
    path("", audit.trail, name="audit"),
    path("export/", audit.export, name="audit_export"),
]
