"""Use cases of billing: import, approve and issue a roll, apply a payment, cancel a bill, load a city pack."""

from billing.services.load_city import BadCityPack, load_city

__all__ = ["BadCityPack", "load_city"]
