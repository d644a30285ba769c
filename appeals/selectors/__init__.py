"""Reads of the open tax court, each as far as the running session may see; amounts in won."""
