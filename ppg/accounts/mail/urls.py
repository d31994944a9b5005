from django.urls import path

from ppg.accounts.mail import views

urlpatterns = [
    path("", views.undelivered, name="users_mail"),
    path("<str:code>/again/", views.again, name="users_mail_again"),
    path("<str:code>/drop/", views.drop, name="users_mail_drop"),
]
