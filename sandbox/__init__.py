"""The world outside: acquirer and bank, Toss Payments, identity provider, mail catcher. Protocols: docs/protocols/.

It imports nothing of the system that it is the outside of, and nothing there imports it: the two meet only on the wire.
"""
