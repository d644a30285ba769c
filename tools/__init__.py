"""Set-up and running of a checkout. Standard library only where it runs before anything is installed."""
