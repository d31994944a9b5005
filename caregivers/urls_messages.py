from django.urls import path

from caregivers.views import messages

urlpatterns = [
    path("message/<str:code>/", messages.message, name="message"),
    path("message-to/<str:code>/again/", messages.again, name="copy_again"),
    path("message-to/<str:code>/text/", messages.by_hand, name="copy_by_hand"),
    path("message-to/<str:code>/texted/", messages.texted, name="copy_texted"),
    path("<str:code>/messages/", messages.index, name="messages"),
    path("<str:code>/messages/new/", messages.new, name="message_new"),
]
