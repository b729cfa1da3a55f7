from django.apps import AppConfig


class CheckoutsConfig(AppConfig):
    name = "apps.checkouts"
