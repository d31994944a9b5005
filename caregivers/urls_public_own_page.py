from django.urls import path

from caregivers.views import own_page

urlpatterns = [
    path("own/<str:token>/", own_page.own_page, name="own_page"),
    path("own/<str:token>/place/", own_page.own_place, name="own_place"),
    path("own/<str:token>/<str:kind>/withdraw/", own_page.own_withdraw, name="own_withdraw"),
    path("own/<str:token>/<str:kind>/agree/", own_page.own_agree, name="own_agree"),
    path("own/<str:token>/<str:kind>/taken-back/", own_page.own_receipt, name="own_receipt"),
]
