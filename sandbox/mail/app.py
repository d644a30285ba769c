"""The mail catcher put together: SMTP in, pages and JSON out."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import fields, store, web
from sandbox.errors import ApiError
from sandbox.links import linked
from sandbox.mail import box, letter
from sandbox.mail.box import Box, Kept
from sandbox.mail.smtp import Server
from sandbox.serve import base_url, free_port, serve
from sandbox.web import language_of, loopback_only, page

SHOWN = 200


def run(options: Namespace) -> None:
    lock = store.lock(directory=options.store, name="mail")
    port = free_port(host=options.host, port=options.port)
    smtp_port = free_port(host=options.host, port=options.smtp_port)
    db = store.connect(path=options.store / "mail.sqlite3", schema=box.SCHEMA)
    kept = Box(db)
    smtp = Server(kept, host=options.host, port=smtp_port)
    base = base_url(host=options.host, port=port)
    smtp_base = base_url(host=options.host, port=smtp_port).replace("http", "smtp", 1)

    def finish() -> None:
        db.close()
        lock.close()

    serve(
        app=application(kept, smtp),
        host=options.host,
        port=port,
        ready=f"ready {base} {smtp_base}",
        finish=finish,
    )


def application(kept: Box, smtp: Server) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await smtp.start()
        yield
        await smtp.stop()

    pages = Pages(kept)
    return web.application(
        [
            Route("/", pages.index),
            Route("/messages", pages.messages, methods=["GET"]),
            Route("/messages", loopback_only(pages.forget), methods=["DELETE"]),
            Route("/messages/{message_id:int}", pages.message),
            Route("/messages/{message_id:int}/page", pages.shown),
            Route("/messages/{message_id:int}/raw", pages.raw),
            Route("/messages/{message_id:int}/attachments/{index:int}", pages.attachment),
        ],
        lifespan=lifespan,
    )


class Pages:
    def __init__(self, kept: Box) -> None:
        self._box = kept

    async def index(self, request: Request) -> Response:
        messages = [kept.summary() for kept in self._box.listed(limit=SHOWN)]
        return page("mail.html", language=language_of(request), messages=messages)

    async def messages(self, request: Request) -> Response:
        query = request.query_params
        listed = self._box.listed(
            to=query.get("to", ""),
            subject=query.get("subject", ""),
            after=_number(query.get("after", "0"), "after", most=2**62),
            limit=max(1, _number(query.get("limit", "100"), "limit", most=1000)),
        )
        return JSONResponse({"messages": [kept.summary() for kept in listed]})

    async def message(self, request: Request) -> Response:
        kept = self._kept(request)
        return JSONResponse({**kept.summary(), **letter.read(kept.raw).described()})

    async def shown(self, request: Request) -> Response:
        language = language_of(request)
        kept = self._box.get(request.path_params["message_id"])
        if kept is None:
            return page("mail_problem.html", language=language, status=404)
        read = letter.read(kept.raw)
        return page(
            "mail_message.html",
            language=language,
            message=kept.summary(),
            text=linked(read.text or ""),
            html=read.html,
            attachments=read.described()["attachments"],
        )

    async def raw(self, request: Request) -> Response:
        return _download(self._kept(request).raw, "message.eml", "message/rfc822")

    async def attachment(self, request: Request) -> Response:
        attachments = letter.read(self._kept(request).raw).attachments
        index = request.path_params["index"]
        if index >= len(attachments):
            raise ApiError("NOT_FOUND")
        return _download(attachments[index].content, attachments[index].filename, "application/octet-stream")

    async def forget(self, _: Request) -> Response:
        self._box.empty()
        return Response(status_code=204)

    def _kept(self, request: Request) -> Kept:
        kept = self._box.get(request.path_params["message_id"])
        if kept is None:
            raise ApiError("NOT_FOUND")
        return kept


def _download(content: bytes, filename: str, media_type: str) -> Response:
    """Always a download: what strangers attach is never shown in this origin."""
    disposition = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=media_type, headers=headers)


def _number(text: str, name: str, *, most: int) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
        raise fields.invalid(name, f"a whole number up to {most}")
    return int(text)
