from django.urls import path

from caregivers.apart import views

urlpatterns = [
    path("person/<str:code>/apart/", views.apart, name="apart"),
    path("person/<str:code>/apart/<str:mark>/", views.apart_end, name="apart_end"),
]
