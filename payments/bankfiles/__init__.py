"""Files of banks (ISO 20022): camt.054 and camt.053 in, pain.001 out, pain.002 back: docs/protocols/bankfiles.md."""
