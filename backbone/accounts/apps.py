from django.apps import AppConfig

from backbone.access import checks

__all__ = ["AccountsConfig", "checks"]  # importing the checks registers them


class AccountsConfig(AppConfig):
    name = "backbone.accounts"
    label = "accounts"
