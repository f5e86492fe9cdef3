"""Codes of an authenticator (RFC 6238, SHA-1, six digits)."""
import base64
import hmac
import struct
import time

STEP_SECONDS = 30


def code(secret, step):
    """The code of a step; the secret as base 32 without padding."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset:offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def step_now():
    return int(time.time()) // STEP_SECONDS
