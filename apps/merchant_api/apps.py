from django.apps import AppConfig


class MerchantApiConfig(AppConfig):
    name = "apps.merchant_api"
