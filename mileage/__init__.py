"""Points (마일리지): credited for paying well, spent like money, and counted as strictly."""
