from django.urls import path

from caregivers.wordings import views

urlpatterns = [
    path("wordings/", views.wordings, name="wordings"),
    path("wordings/<str:kind>/", views.wording, name="wording"),
    path("wordings/<str:kind>/change/", views.change, name="wording_change"),
    path("wordings/<str:kind>/publish/", views.publish, name="wording_publish"),
]
