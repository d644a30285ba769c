"""The world of gateways behind one Protocol (see docs/gateways.md)."""
