"""What looks at files that people bring: a scanner over its own protocol, and a process that draws pictures anew."""
