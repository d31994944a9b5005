from django.urls import path

from caregivers.own_page import views

urlpatterns = [
    path("own/<str:token>/", views.own_page, name="own_page"),
    path("own/<str:token>/place/", views.own_place, name="own_place"),
    path("own/<str:token>/<str:kind>/withdraw/", views.own_withdraw, name="own_withdraw"),
    path("own/<str:token>/<str:kind>/agree/", views.own_agree, name="own_agree"),
    path("own/<str:token>/<str:kind>/taken-back/", views.own_receipt, name="own_receipt"),
]
