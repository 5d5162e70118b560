"""Refuses to start the project when a view states no policy, and says when the database guards nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps.config import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from backbone.access.policy import OTHER_PEOPLES_VIEWS, POLICY


def patterns(
    resolver: URLResolver, route: str = "", namespaces: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, URLPattern]]:
    """Every address of the project as (route, full name, pattern)."""
    for entry in resolver.url_patterns:
        where = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, where, inner)
        else:
            yield where, ":".join([*namespaces, entry.name or ""]), entry


def stated_policy(name: str, pattern: URLPattern) -> str | None:
    """The policy of one address: its own word, or the listed one of another package's view."""
    view = pattern.callback
    stated = getattr(view, POLICY, None) or getattr(getattr(view, "cls", None), POLICY, None)
    if stated:
        return str(stated)
    return next((why for prefix, why in OTHER_PEOPLES_VIEWS.items() if name.startswith(prefix)), None)


@register(Tags.security)
def every_view_states_its_policy(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    return [
        Error(
            f"The view at '{route}' states no policy.",
            hint="Use @requires(Permission.…), @signed_in or @public(reason).",
            id="access.E001",
        )
        for route, name, pattern in patterns(get_resolver())
        if stated_policy(name, pattern) is None
    ]


@register(Tags.database)
def row_security_holds(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Superusers, and roles that may bypass it, see the rows of all tenants whatever a policy says."""
    found: list[CheckMessage] = []
    for alias in databases or []:
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)"
            )
            found += [
                Warned(
                    f"Row-level security does not hold for this role: {role}.",
                    hint="Connect as an ordinary role that owns the database: NOSUPERUSER NOBYPASSRLS.",
                    id="access.W001",
                )
                for (role,) in cursor.fetchall()
            ]
    return found
