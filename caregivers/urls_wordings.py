from django.urls import path

from caregivers.views import wordings

urlpatterns = [
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/<str:kind>/", wordings.wording, name="wording"),
    path("wordings/<str:kind>/change/", wordings.change, name="wording_change"),
    path("wordings/<str:kind>/publish/", wordings.publish, name="wording_publish"),
]
