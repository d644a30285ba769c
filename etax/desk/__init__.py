"""An officer's first page: what waits for them, by role."""
