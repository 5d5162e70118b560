from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "backbone.audit"
    label = "audit"
