from django.urls import path

from caregivers.messages import views

urlpatterns = [
    path("message/<str:code>/", views.message, name="message"),
    path("message-to/<str:code>/again/", views.again, name="copy_again"),
    path("message-to/<str:code>/text/", views.by_hand, name="copy_by_hand"),
    path("message-to/<str:code>/texted/", views.texted, name="copy_texted"),
    path("referral/<str:code>/send-link/", views.send_link, name="send_link"),
    path("<str:code>/messages/", views.index, name="messages"),
    path("<str:code>/messages/new/", views.new, name="message_new"),
]
