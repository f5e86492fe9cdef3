"""Ids as the API writes them, so that a test can name rows it made with SQL. As src/base/id.cpp."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ROUND_KEYS = (0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35, 0x27D4EB2F)
WORD = 0xFFFFFFFF


def _mixed(half, key):
    half = (half ^ key) * 0x7FEB352D & WORD
    half = (half ^ half >> 15) * 0x846CA68B & WORD
    return half ^ half >> 16


def id_text(prefix, number):
    """"usr_…" of a row's number."""
    left, right = number >> 32 & WORD, number & WORD
    for key in ROUND_KEYS:
        left, right = right, left ^ _mixed(right, key)
    value, digits = left << 32 | right, ""
    for _ in range(13):
        digits = ALPHABET[value & 31] + digits
        value >>= 5
    return f"{prefix}_{digits}"
