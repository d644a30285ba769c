"""Rules of tax as pure functions on dated tables: no Django, no clock, no database. Each names its article of law."""
