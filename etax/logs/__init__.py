"""Structured logs: one JSON object per line on standard output, without personal data."""
