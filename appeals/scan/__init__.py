"""Files that somebody brought are looked at before anybody opens them."""
