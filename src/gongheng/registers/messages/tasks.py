"""What the head of every page says of the inbox."""

from django.http import HttpRequest

from gongheng.registers.messages import queries
from gongheng.trust.identity.actors import actor_of
from gongheng.web.inbox import provides_unread


@provides_unread
def unread(request: HttpRequest) -> int:
    """Return how many messages of the visitor are unread."""
    return queries.unread(actor_of(request))
