from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "backbone.notifications"
    label = "notifications"
