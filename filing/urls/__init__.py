"""Addresses of filing: `public` and `office`, each under its own face."""
