from django.contrib import admin

from backbone.access.admin import ReadOnly
from backbone.audit.models import Event, Seal


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ("at", "verb", "about_name", "by", "tenant_id")
    list_select_related = ("by",)
    list_filter = ("verb",)
    search_fields = ("about_name", "about_id")


@admin.register(Seal)
class SealAdmin(ReadOnly):
    list_display = ("position", "event", "hash")
    list_select_related = ("event",)
