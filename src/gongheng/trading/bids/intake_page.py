"""A web form's file, stored and judged while it arrives: never whole in memory, never twice on disk."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers
from django.http import HttpRequest

from gongheng.kernel.reasons import Refusal
from gongheng.trading.bids import actions, rules, storage
from gongheng.trading.bids.models import BidReceipt
from gongheng.trust.identity.actors import Actor
from gongheng.web import connections
from gongheng.web.clock import legal_now

_FORM_ITSELF = rules.ONE_MEBIBYTE
"""Bytes of a request around the file: more is no form of ours."""


class EnvelopeHandler(FileUploadHandler):
    """Takes the file of the form; what is wrong with it is kept until the page is shown.

    A refused file is read to its end and thrown away: a connection that just broke would not tell
    the bidder anything.
    """

    chunk_size = rules.ONE_MEBIBYTE

    def __init__(self, request: HttpRequest, *, case_id: UUID, actor: Actor) -> None:
        super().__init__(request)
        self._case_id = case_id
        self._actor = actor
        self._length = int(request.headers.get("Content-Length") or 0)
        self._arriving: storage.Arriving | None = None
        self._refusal: Refusal | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own shape
        """Begin the file, or refuse before its first byte is stored."""
        super().new_file(*args, **kwargs)
        if self._arriving is not None or self._refusal is not None:
            raise SkipFile
        try:
            self._arriving = self._begin()
        except Refusal as refusal:
            self._refusal = refusal
        raise StopFutureHandlers

    def _begin(self) -> storage.Arriving:
        if self._length > rules.LARGEST + _FORM_ITSELF:
            raise Refusal(rules.TOO_LARGE)
        actions.require_open(case_id=self._case_id, actor=self._actor, now=legal_now())
        signed = actions.require_ready(case_id=self._case_id, actor=self._actor)
        connections.give_back()
        return storage.Arriving.begin(policy_digest=signed.policy.digest, size=self._length)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002  Django's own shape
        """Store and judge the next piece."""
        if self._arriving is None or self._refusal is not None:
            return
        try:
            self._arriving.feed(raw_data)
        except Refusal as refusal:
            self._refuse(refusal)

    def _refuse(self, refusal: Refusal) -> None:
        self._refusal = refusal
        if self._arriving is not None:
            self._arriving.drop()
            self._arriving = None

    def file_complete(self, file_size: int) -> UploadedFile | None:  # noqa: ARG002  Django's own shape
        """Give no file: ``submit`` does the rest."""
        return None

    def upload_interrupted(self) -> None:
        """Forget what came before the line broke."""
        self._refuse(Refusal(rules.INCOMPLETE))

    def drop(self) -> None:
        """Forget a file that is not handed in after all."""
        self._refuse(Refusal(rules.INCOMPLETE))

    def submit(self) -> BidReceipt:
        """Hand the file in. Raises ``Refusal``."""
        if self._refusal is not None:
            raise self._refusal
        if self._arriving is None or not self._arriving.size:
            self._refuse(Refusal(rules.NOTHING_SENT))
            raise Refusal(rules.NOTHING_SENT)
        arriving, self._arriving = self._arriving, None
        return actions.submit(
            case_id=self._case_id, arrived=arriving, actor=self._actor, clock=legal_now
        )
