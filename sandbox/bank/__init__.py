"""The banks with which a city keeps accounts: they exchange files with it, as docs/protocols/bankfiles.md says."""
