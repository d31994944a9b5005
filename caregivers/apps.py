from django.apps import AppConfig


class CaregiversConfig(AppConfig):
    name = "caregivers"
    verbose_name = "Caregivers"
