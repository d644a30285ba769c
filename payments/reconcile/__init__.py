"""The end of the day: gateways, banks and books are compared, and what was collected is distributed."""
