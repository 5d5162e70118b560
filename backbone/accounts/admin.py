from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest

from backbone.access.admin import ReadOnly, showing_every_tenant
from backbone.accounts.models import Invitation, User

# Sign-in is throttled and asks for a second factor in one place only; the administration's own does neither.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

# Whoever may use the administration looks after all initiatives: its views see the rows of each, after its own guard.
_guarded = admin.site.admin_view
admin.site.admin_view = lambda view, cacheable=False: _guarded(showing_every_tenant(view), cacheable)  # type: ignore[method-assign]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Closes an account, says who is staff of this installation and who may start initiatives.

    Accounts are made by invitation.
    """

    list_display = ("email", "name", "is_active", "is_staff", "joined_at")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "name")
    fields = (
        "email",
        "name",
        "is_active",
        "is_staff",
        "is_superuser",
        "user_permissions",
        "last_login",
        "joined_at",
    )
    readonly_fields = ("email", "last_login", "joined_at")
    ordering = ("email",)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Of Django's own rights only one means something outside of the administration."""
        kwargs["queryset"] = Permission.objects.filter(codename="add_initiative")
        kwargs["widget"] = CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


@admin.register(Invitation)
class InvitationAdmin(ReadOnly):
    list_display = ("email", "invited_by", "created_at", "expires_at", "accepted_at", "withdrawn_at")
    list_select_related = ("invited_by",)
    search_fields = ("email",)
    exclude = ("token_digest",)
