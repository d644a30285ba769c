"""Banks' cash machines (ATM): ISO 8583 in, answers out. docs/protocols/atm.md is the protocol.

The wire (frames, fields, MAC) knows nothing of bills; what is decided knows nothing of the wire. A second codec, for
the fixed-length messages of Korea's own centre, would stand beside `iso8583_codec` and share everything else.
"""
