"""Debiting what falls due (자동이체 출금)."""
