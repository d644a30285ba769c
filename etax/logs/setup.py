"""How loggers of ours, of Django and of Celery become one kind of line."""

from __future__ import annotations

from typing import Any

import structlog

from etax.logs.privacy import without_personal_data

BEFORE: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
]


def configure_structlog() -> None:
    """Loggers of ours hand their lines to the standard library's, which the settings' LOGGING describes."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *BEFORE,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def logging_settings(*, style: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. `style`: json or text (for people at a terminal). The privacy filter is the last but one."""
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if style == "text":
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": BEFORE,
        "processors": [_without_records, without_personal_data, renderer],
    }
    quiet = {"level": "WARNING", "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": formatter},
        "handlers": {"stdout": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line"}},
        "root": {"handlers": ["stdout"], "level": level},
        "loggers": {
            "django": {"level": "INFO", "handlers": [], "propagate": True},
            "django.request": {"level": "ERROR", "handlers": [], "propagate": True},  # 4xx stand in `request` lines
            "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
            "httpx": quiet,
            "httpcore": quiet,
            "kombu": quiet,
            "amqp": quiet,
            "celery": quiet,  # one line for each task that failed, none for the others
            "pyhanko": quiet,
            "pyhanko_certvalidator": quiet,
        },
    }


def _without_records(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event
