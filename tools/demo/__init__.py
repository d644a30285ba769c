"""The main job on real input, done as people do it: over HTTP, page by page, without JavaScript."""
