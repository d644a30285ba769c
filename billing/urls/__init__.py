"""Addresses of billing: `public` and `office`, each under its own face."""
