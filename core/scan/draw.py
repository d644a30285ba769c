"""A picture drawn anew, pixel by pixel: run as a process of its own, which may open no file and start nothing.

Reads the file from its standard input and writes a PNG; anything else than a picture ends it with an error. It imports
nothing of ours.
"""

from __future__ import annotations

import io
import resource
import sys

MOST_PIXELS = 40_000_000
LARGEST_SIDE = 2400
MEMORY = 1 << 30
SECONDS = 10


def main() -> None:
    from PIL import Image, PngImagePlugin
    from PIL.JpegImagePlugin import JpegImageFile

    content = sys.stdin.buffer.read()
    # From here on it can't write a file, start a process, or take more than its share of memory and time.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    kind = PngImagePlugin.PngImageFile if content.startswith(b"\x89PNG") else JpegImageFile
    with kind(io.BytesIO(content)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise SystemExit(2)
        picture.load()
        drawn = picture.convert("RGB")
    drawn.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    out = io.BytesIO()
    drawn.save(out, "PNG")
    sys.stdout.buffer.write(out.getvalue())


if __name__ == "__main__":
    main()
