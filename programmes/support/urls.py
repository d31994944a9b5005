"""Support given to a group's team."""

from django.urls import path

from programmes.support import views as support

urlpatterns = [
    path("<str:code>/support/", support.support, name="support"),
    path("<str:code>/support/add/", support.support_add, name="support_add"),
    path("support/<str:code>/change/", support.support_change, name="support_change"),
    path("support/<str:code>/remove/", support.support_remove, name="support_remove"),
]
