"""IIN and BIN (being written)."""


def mask_iin(text: str) -> str:
    return "•" * 8 + text[-4:]


def _full(prefix: str) -> str:
    for w in ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]):
        k = sum(a * int(b) for a, b in zip(w, prefix)) % 11
        if k < 10:
            return prefix + str(k)
    return ""


def invented_iin(serial: int) -> str:
    return _full(f"850115{1}{serial % 10000:04d}") or invented_iin(serial + 5000)


def invented_bin(serial: int) -> str:
    return _full(f"850140{serial % 100000:05d}") or invented_bin(serial + 50000)
