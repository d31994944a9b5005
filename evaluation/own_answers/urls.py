from django.urls import path

from evaluation.own_answers import views

urlpatterns = [
    path("person/<str:code>/answers/send/", views.send, name="answers_send"),
    path("places/<str:code>/answers/link/", views.link, name="answers_link"),
    path("answers/codes/", views.codes, name="answers_codes"),
    path("answers/codes/<str:code>/", views.code, name="answers_code"),
]
