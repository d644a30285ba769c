"""Signing in with the country's mobile identity (OpenID Connect, docs/protocols/identity.md).

The public face fetches the provider's answer and can't read it; the worker reads it and never talks to a browser.
"""
