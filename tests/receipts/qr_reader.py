"""A reader of QR codes (ISO/IEC 18004, versions 2 to 6, level M), written apart from what draws them."""

from __future__ import annotations

from collections.abc import Callable

Modules = list[list[bool]]
BLOCKS = {2: (1, 16), 3: (1, 26), 4: (2, 18), 5: (2, 24), 6: (4, 16)}  # version: blocks, check codewords in each
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
MASKS: tuple[Callable[[int, int], int], ...] = (
    lambda r, c: (r + c) % 2,
    lambda r, c: r % 2,
    lambda r, c: c % 3,
    lambda r, c: (r + c) % 3,
    lambda r, c: (r // 2 + c // 3) % 2,
    lambda r, c: r * c % 2 + r * c % 3,
    lambda r, c: (r * c % 2 + r * c % 3) % 2,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
)


def read_qr(modules: Modules) -> str:
    """The text of a code; a damaged one fails an assertion (nothing is corrected)."""
    size = len(modules)
    version = (size - 17) // 4
    form = sum(modules[8][c] << (14 - i) for i, c in enumerate((0, 1, 2, 3, 4, 5, 7, 8))) ^ 0x5412
    assert form >> 13 == 0, "level M"
    mask = MASKS[(form >> 10) & 7]
    bits = [modules[r][c] ^ (mask(r, c) == 0) for r, c in _path(size)]
    words = [sum(bit << (7 - i) for i, bit in enumerate(bits[n : n + 8])) for n in range(0, len(bits) - 7, 8)]
    count, check = BLOCKS[version]
    data = b""
    for block in range(count):
        codewords = words[block::count]
        assert _sound(codewords, check), "the check codewords don't fit"
        data += bytes(codewords[:-check])
    return _text("".join(f"{byte:08b}" for byte in data))


def _path(size: int) -> list[tuple[int, int]]:
    """Where data stands: columns in pairs from the right, up and down in turn, around the patterns."""
    path = []
    up = True
    for right in (c for c in range(size - 1, 0, -2) if c > 6):
        path += _pair(size, right, up)
        up = not up
    for right in (5, 3, 1):
        path += _pair(size, right, up)
        up = not up
    return path


def _pair(size: int, right: int, up: bool) -> list[tuple[int, int]]:
    rows = range(size - 1, -1, -1) if up else range(size)
    return [(r, c) for r in rows for c in (right, right - 1) if not _pattern(size, r, c)]


def _pattern(size: int, r: int, c: int) -> bool:
    corner = (r < 9 and (c < 9 or c >= size - 8)) or (r >= size - 8 and c < 9)
    centre = size - 7
    return corner or r == 6 or c == 6 or (abs(r - centre) <= 2 and abs(c - centre) <= 2)


def _sound(codewords: list[int], check: int) -> bool:
    """All syndromes are zero: Reed-Solomon over GF(256) with the polynomial 0x11D."""
    root = 1
    for _ in range(check):
        value = 0
        for word in codewords:
            value = _times(value, root) ^ word
        if value:
            return False
        root = _times(root, 2)
    return True


def _times(a: int, b: int) -> int:
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = (a << 1) ^ (0x11D if a & 0x80 else 0)
        b >>= 1
    return product


def _text(bits: str) -> str:
    place, text = 0, ""

    def take(count: int) -> int:
        nonlocal place
        place += count
        return int(bits[place - count : place] or "0", 2)

    while place + 4 <= len(bits) and (mode := take(4)):
        if mode == 4:
            text += bytes(take(8) for _ in range(take(8))).decode()
        elif mode == 2:
            left = take(9)
            for _ in range(left // 2):
                high, low = divmod(take(11), 45)
                text += ALPHANUMERIC[high] + ALPHANUMERIC[low]
            text += ALPHANUMERIC[take(6)] if left % 2 else ""
        else:
            assert mode == 1, f"mode {mode}"
            left = take(10)
            text += "".join(f"{take(10):03d}" for _ in range(left // 3))
            text += {0: "", 1: "1", 2: "2"}[left % 3] and f"{take(4 if left % 3 == 1 else 7):0{left % 3}d}"
    return text
