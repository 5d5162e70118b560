from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitedOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up by themselves: an account begins with an invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
