from django.urls import path

from caregivers.views import checks

urlpatterns = [
    path("person/<str:code>/apart/", checks.apart, name="apart"),
    path("person/<str:code>/apart/<str:mark>/", checks.apart_end, name="apart_end"),
]
