from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "backbone.web"
    label = "web"
