"""Pure functions from facts to the pages of a document. Nothing here knows Django or a clock."""
