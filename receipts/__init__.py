"""Documents of every kind: rendering, signing, the register of what was handed out, and its verification."""
