from django.urls import path

from ppg.audit_trail import views as audit

urlpatterns = [
    path("", audit.trail, name="audit"),
    path("export/", audit.export, name="audit_export"),
]
