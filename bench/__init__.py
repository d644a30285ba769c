"""What the system does in a second, beside what its server could do."""
