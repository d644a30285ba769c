"""Toss Payments as its public documentation describes it. Protocol: docs/protocols/toss.md."""
