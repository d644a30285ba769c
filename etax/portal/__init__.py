"""The citizens' first page and their own page: it joins what several apps publish."""
