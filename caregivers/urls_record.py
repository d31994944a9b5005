from django.urls import path

from caregivers.views import record

urlpatterns = [
    path("person/<str:code>/", record.show, name="record"),
]
