"""Card acquirer and bank with virtual accounts. Protocol: docs/protocols/acquirer.md."""
