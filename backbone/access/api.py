"""The API is closed unless a view opens it."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class Deny(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return False
