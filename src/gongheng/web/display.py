"""How a visitor wants to read: kept in a cookie, set by one button on every page."""

from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from gongheng.web.routes import PUBLIC, route

_YEAR = 365 * 24 * 3600


class TextSize(StrEnum):
    """The sizes of letters."""

    NORMAL = "normal"
    LARGE = "large"


def _cookie_name() -> str:
    # Cookies ignore ports: three nodes on one machine must not overwrite each other's.
    return f"gongheng_{getattr(getattr(settings, 'NODE', None), 'code', 'node')}_text"


def text_size_of(request: HttpRequest) -> TextSize:
    """Return the size the visitor chose."""
    chosen = request.COOKIES.get(_cookie_name())
    return TextSize.LARGE if chosen == TextSize.LARGE else TextSize.NORMAL


@require_POST
def set_text_size(request: HttpRequest) -> HttpResponse:
    """Store the choice and go back to the page it was made on."""
    wanted = request.POST.get("text", "")
    size = TextSize.LARGE if wanted == TextSize.LARGE else TextSize.NORMAL
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "/"
    answer = HttpResponseRedirect(back)
    answer.set_cookie(
        _cookie_name(),
        size,
        max_age=_YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
    return answer


ROUTES = [route("display-mode", set_text_size, name="display-mode", audience=PUBLIC)]
