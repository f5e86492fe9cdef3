"""Hostile texts: for pages and mails (S-11) and for spreadsheets (S-12). Each fits a line of 60
characters, and none may be refused."""

MARKUP = [
    "<script>alert(1)</script>", "<ScRiPt>alert(1)//", "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "<img src=x onerror=alert`1`//",
    "\"><img src=x onerror=alert(1)>",
    "'><svg onload=alert(1)>", "<svg/onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)>", "<iframe srcdoc='<script>alert(1)</script>'>",
    "<body onload=alert(1)>", "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>", "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)",
    "<math><mi xlink:href=data:x,<script>alert(1)</script>>", "<style>@import'//x.example'</style>",
    "<link rel=stylesheet href=//x.example/x.css>", "<base href=//x.example/>",
    "<meta http-equiv=refresh content=0;url=//x.example>", "<form action=//x.example><input>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "--><script>alert(1)</script>",
    "]]><script>alert(1)</script>",
    "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "` onerror=alert(1) `",
    "\" autofocus onfocus=alert(1) x=\"", "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;",
    "&quot;&gt;&lt;b&gt;", "\\u003cscript\\u003ealert(1)", "\\x3cscript\\x3ealert(1)",
    "%3Cscript%3Ealert(1)%3C/script%3E", "\uff1cscript\uff1ealert(1)", "<\u200bscript>alert(1)",
    "{{constructor.constructor('alert(1)')()}}", "{{{content}}}", "{{>layout}}",
    "{{#name}}{{/name}}",
    "${alert(1)}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "[x](javascript:alert(1))",
    "<b data-hostile>bold</b>", "<div style=position:fixed;inset:0>", "<marquee>x</marquee>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>", "<x contenteditable>",
    "\u202e<script>alert(1)</script>", "\u00d6<b>\u0645\u0631\u062d\u0628\u0627</b>\U0001f69a",
    "\U0001f69a<i>", "\u2028<script>alert(1)</script>", "<?xml version='1.0'?>", "<!--",
    "<!DOCTYPE x>",
]
FORMULAS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"https://x.example\",\"y\")", "+1+1",
    "+cmd|' /C x'!A0",
    "-1+1", "-2+3+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0", "=\"a\"&\"b\"", "=A1;B2,C3",
    "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)", "=1\",=2",
]
