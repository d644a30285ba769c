#!/bin/sh
# Prints the Python that set-up shall use: 3.11, 3.12 or 3.13, able to make a virtual environment.
# PYTHON=/path/to/python chooses one.
fits='import sys; import ssl, sqlite3, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for candidate in "$PYTHON" .venv/bin/python python3 python3.13 python3.12 python3.11 python \
    "$HOME"/.pyenv/versions/3.1[123].*/bin/python; do
    [ -n "$candidate" ] || continue
    if found=$(command -v "$candidate" 2>/dev/null) && "$found" -c "$fits" >/dev/null 2>&1 </dev/null; then
        echo "$found"
        exit 0
    fi
done
echo "setup: no Python 3.11, 3.12 or 3.13 with venv and ensurepip (Debian: apt-get install python3 python3-venv)" >&2
exit 1
