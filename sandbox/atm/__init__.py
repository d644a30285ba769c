"""A bank with one cash machine, as docs/protocols/atm.md describes the bank's side."""
