"""An SMS provider and the telephones it reaches, as docs/protocols/sms.md says."""
