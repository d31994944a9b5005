from django.urls import path

from evaluation.own_answers import views

urlpatterns = [
    path("answers/<str:token>/", views.answers, name="own_answers"),
    path("answers/<str:token>/send/", views.send_from_own_page, name="own_answers_send"),
]
