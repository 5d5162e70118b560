"""A program that asks, with a key or with nothing."""

import json
from typing import Any

from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Side
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.api import keys
from measurement.api.models import ApiKey
from measurement.api.scopes import Scope


class Program:
    """Speaks JSON, and sends its key with every request."""

    def __init__(self, secret: str = "", where: str = "cradle") -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        self.root = f"/api/v1/initiatives/{where}/"

    def url(self, path: str) -> str:
        return path if path.startswith(("/", "http")) else self.root + path

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(self.url(path), headers=self.headers | _named(headers))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        return self.client.generic(
            method,
            self.url(path),
            data=b"" if body is None else _json(body),
            content_type="application/json",
            headers=self.headers | _named(headers),
        )

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.send("POST", path, body, **headers)

    def patch(self, path: str, body: object = None, **headers: str) -> Any:
        return self.send("PATCH", path, body, **headers)


def _json(body: object) -> bytes:
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def key(
    of: Organization,
    scope: Scope,
    *,
    by: User,
    side: Side = Side.PARTNER,
    where: str = "cradle",
    **fields: Any,
) -> tuple[ApiKey, Program]:
    made, secret = keys.make(
        initiative=Initiative.objects.get(slug=where),
        organization=of,
        side=side,
        scope=scope,
        name=fields.pop("name", f"{scope} of {of}"),
        by=by,
        at=fields.pop("at", now()),
        **fields,
    )
    return made, Program(secret, where)
