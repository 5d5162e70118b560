"""Who asks, and what they may do."""

from rest_framework.request import Request

from backbone.accounts.models import User
from initiatives.charter.access import Access


class ApiRequest(Request):
    """A request within an initiative. `user` is the person, or the account of the key."""

    user: User
    access: Access
