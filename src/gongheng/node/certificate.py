"""Looks at the certificate under a node's https address, as a visitor's browser would (000-L-2.3)."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from gongheng.kernel.clock import BEIJING
from gongheng.kernel.law import Law
from gongheng.kernel.reasons import Reason, Refusal
from gongheng.kernel.terms.sources import DUTIES

HTTPS_PORT = 443
LEAST_LEFT = timedelta(days=30)
LONGEST_WAIT_SECONDS = 5
CLAUSE = Law(DUTIES, "000-L-2.3")

NOT_TRUSTED = Reason(
    code="node.certificate_not_trusted",
    message="网站证书未通过浏览器的检查，访问者会看到警告。",
    law=CLAUSE,
    remedy="请在前置代理上换用受信任、未过期、名称与网址一致的证书，并带上全部中间证书。",
)
ENDS_SOON = Reason(
    code="node.certificate_ends_soon",
    message="网站证书即将到期。",
    law=CLAUSE,
    remedy="请在到期前申领新证书，换到前置代理上。",
)


def look(url: str, *, now: datetime) -> datetime | None:
    """Return when the certificate ends, nothing where no TLS is spoken or nobody answers.

    Who does not answer may not be set up yet. Raises ``Refusal`` (NOT_TRUSTED, ENDS_SOON).
    """
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname:
        return None
    place = (parts.hostname, parts.port or HTTPS_PORT)
    try:
        with (
            socket.create_connection(place, timeout=LONGEST_WAIT_SECONDS) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=place[0]) as secured,
        ):
            shown = secured.getpeercert() or {}
    except ssl.SSLError as error:
        raise Refusal(NOT_TRUSTED, url=url, said=error) from error
    except OSError:
        return None
    ends_at = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
    if ends_at - now < LEAST_LEFT:
        raise Refusal(ENDS_SOON, url=url, ends_at=ends_at.astimezone(BEIJING))
    return ends_at
