"""Catches mail, delivers none. Protocol: docs/protocols/mail.md."""
