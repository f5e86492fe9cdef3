"""What people send to be led astray: S-13, open redirects and split headers."""
import itertools
import urllib.parse

EVIL = "evil.example.net"
ADDRESSES = [
    f"https://{EVIL}/", f"http://{EVIL}/", f"//{EVIL}/", f"///{EVIL}", f"////{EVIL}", f"/\\{EVIL}",
    f"\\\\{EVIL}", f"\\/{EVIL}", f"https:{EVIL}", f"https:/{EVIL}", f"https:///{EVIL}",
    f"https:\\\\{EVIL}", f"https://www.example.com@{EVIL}/", f"https://www.example.com:x@{EVIL}/",
    f"https://{EVIL}#www.example.com", f"https://{EVIL}?www.example.com",
    f"https://{EVIL}\\@www.example.com", f"https://{EVIL}\\.www.example.com/",
    f"https://www.example.com.{EVIL}/", f"https://{EVIL}/www.example.com",
    f"https://www.example.com\t@{EVIL}", f"https://www.example.com\n@{EVIL}",
    f"ht\ntps://{EVIL}", f"\thttps://{EVIL}", f" https://{EVIL}",
    f"https://{EVIL}\r\nX-Split: 1",
    "x\r\nX-Split: 1", "x\r\n\r\n<script>alert(1)</script>", "x\nX-Split: 1", "x\rX-Split: 1",
    "\u560d\u560aX-Split: 1", "\u2028X-Split: 1", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x",
    "file:///etc",
    "ftp://www.example.com/", "blob:https://www.example.com/1", "https://www.example.com:444/",
    "http://www.example.com/", "https://www.example.com%2f@evil.example.net/",
    "https://www.example.com%00.evil.example.net/", "https://www.example.com%0d%0aX-Split: 1/",
    "https://www。example。com.evil.example.net", "https://ｅｖｉｌ.example.net/",
    "https://www.exаmple.com/", "https://www.example.com․evil.example.net/", "https://[::1]/",
    "https://127.1/", "https://0x7f000001/", "https://localhost/", "https://www.example.com.",
    "https://.example.com/", "https://deep.example.com/", "https://xdeep.example.com/",
    "https://a.deep.example.com.evil.example.net/", "https://a.deep.example.com:8443/",
    "https://user@a.deep.example.com/", "https://", "https://?", "#", "?", "..//evil.example.net",
]
NAMES = ["to", "url", "redirect", "destination_url", "ref", "click_id", "next", "%74%6f"]


def queries():
    """Queries of a link's address, as they stand on the wire."""
    for address in ADDRESSES:
        encoded = urllib.parse.quote(address, safe="")
        yield f"to={encoded}"
        yield f"to={urllib.parse.quote(encoded, safe='')}"
        yield f"to={encoded}&to=https://www.example.com/"
        yield "to=" + urllib.parse.quote(address, safe="/:@?#\\").replace("#", "%23")
    for name, address in itertools.product(NAMES[1:], ADDRESSES[:30:3]):
        yield f"{name}={urllib.parse.quote(address, safe='')}"
