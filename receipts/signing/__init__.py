"""Putting the city's electronic signature under a document, and telling whether a file is one of those."""
