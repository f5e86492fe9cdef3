"""sqlmap and wapiti as functions that give findings. Neither can reach another machine."""
import json
import os
import pathlib
import re
import subprocess

# Everything but loopback goes to a port where nobody listens.
NOWHERE = "http://127.0.0.1:9"
MODULES = ("backup,blindsql,cookieflags,crlf,csp,csrf,exec,file,htaccess,http_headers,methods,"
           "permanentxss,redirect,shellshock,sql,ssrf,xss,xxe")
# What wapiti takes for a weakness and is none, by how the finding begins, with the reason.
ACCEPTED = {
    "HTTP Secure Headers: X-XSS-Protection is not set":
        "no browser reads it any more; a Content-Security-Policy is set",
    "Cross Site Request Forgery: Lack of anti CSRF token at POST /links/unlock":
        "whoever sends it must know the link's password, and all it does is to open that link",
}
# Below this level sqlmap passes over whatever is called a token; ours are values like others.
TOKENS_LEVEL = 4
INJECTION = re.compile(r"identified the following injection point.*?---\n(.*?)---", re.S)
SUSPICION = re.compile(r"heuristic \(\w+\) test shows that (.* might be .*)")
CLEAN = "all tested parameters do not appear to be injectable"
TESTED = re.compile(r"\] \[WARNING\] .*parameter '.*' does not seem to be injectable")


# Of each of wapiti's modules.
ATTACK_SECONDS = 300
CUT = re.compile(r"Max attack time was reached for module (\w+)")
VISITED = re.compile(r"Wapiti found (\d+) URLs and forms")


class Unfinished(Exception):
    """A scanner did not test what it was given."""


def run(command, folder, seconds):
    """What a command prints. Unfinished when it takes longer."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8",
           "http_proxy": NOWHERE, "https_proxy": NOWHERE, "no_proxy": "127.0.0.1"}
    try:
        done = subprocess.run(list(map(str, command)), cwd=folder, env=env, text=True,
                              errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise Unfinished(f"not done after {seconds:.0f} s") from error
    return done.stdout


def sqlmap(url, folder, headers=(), method="GET", body=None, level=1, risk=1, seconds=300):
    """(findings, parameters tested) of a request: * marks the values to try, or else all are."""
    if '"token"' in (body or ""):
        level = max(level, TOKENS_LEVEL)
    command = ["sqlmap", "-u", url, "--method", method, "--batch", "--disable-coloring",
               "--dbms", "PostgreSQL", "--level", level, "--risk", risk, "--flush-session",
               "--ignore-code", "401,404", "--drop-set-cookie", "--skip-waf", "--skip",
               "cookie,user-agent,referer,host", "--output-dir", pathlib.Path(folder) / "sqlmap"]
    for header in headers:
        command += ["-H", header]
    if body is not None:
        command += ["--data", body, "-H", "Content-Type: application/json"]
    said = run(command, folder, seconds)
    (pathlib.Path(folder) / "sqlmap.log").write_text(said)
    found = [" ".join(match.split()) for match in INJECTION.findall(said) + SUSPICION.findall(said)]
    if not found and CLEAN not in said:
        raise Unfinished(" | ".join(said.strip().splitlines()[-4:-2]))
    return found, len(TESTED.findall(said))


def wapiti(url, folder, starts, headers=(), endpoint=NOWHERE, modules=MODULES, seconds=1_000):
    """(findings, pages visited) of a site, beginning at `starts`; each as "kind: what at where"."""
    folder = pathlib.Path(folder)
    report, list_of_starts = folder / "wapiti.json", folder / "starts"
    list_of_starts.write_text("\n".join(starts) + "\n")
    command = ["wapiti", "-u", url, "-s", list_of_starts, "-m", modules, "--endpoint", endpoint,
               "--scope", "folder", "--no-bugreport", "--flush-session", "--max-scan-time", 120,
               "--max-attack-time", ATTACK_SECONDS, "-t", 10, "-f", "json", "-o", report,
               "--store-session", folder / "session", "--store-config", folder / "config"]
    for header in headers:
        command += ["-H", header]
    said = run(command, folder, seconds)
    (folder / "wapiti.log").write_text(said)
    if not report.exists():
        raise Unfinished(" | ".join(said.strip().splitlines()[-3:]))
    kinds = json.loads(report.read_text())
    found = [f"{kind}: {each['info']} at {each['method']} {each['path']}"
             for part in ("vulnerabilities", "anomalies") for kind, list_ in kinds[part].items()
             for each in list_]
    found = [each for each in found if not each.startswith(tuple(ACCEPTED))]
    found += [f"{module} was not done in {ATTACK_SECONDS} s" for module in CUT.findall(said)]
    return found, int(VISITED.search(said)[1])
