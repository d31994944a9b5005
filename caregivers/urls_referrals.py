from django.urls import path

from caregivers.views import contact

urlpatterns = [
    path("referral/<str:code>/contact/", contact.contact, name="contact"),
    path("referral/<str:code>/owner/", contact.owner, name="owner"),
    path("referral/<str:code>/no-thanks/", contact.declined, name="declined"),
    path("<str:code>/add/", contact.add, name="add"),
]
