"""S-11 and S-12: hostile texts that are stored come back as the texts they are, and as nothing
else: in JSON, in exports, in mails,
on the pages of links. What the screens make of them is looked at by
tests/browser/stored-texts.spec.ts."""
import csv
import html.parser
import io
import urllib.parse

from fuzzed_api.shared import say, suite, world
from fuzzed_api.texts import FORMULAS, MARKUP
from fuzzed_api.values import HOST
from fuzzed_api.world import Caller
from harness import LONG, equal, eventually, expect, visit

HARMLESS = "Plain words"
FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
PASSWORD = "seven amber lanterns drift north"


class Site:
    """An administrator, and what is said to them."""

    def __init__(self):
        self.world = world()
        self.port = self.world.program.port
        self.admin = self.world.spare("admin")
        self.program_path = f"/programs/{self.world.fixed['programs']}"
        self.email = self.asked("GET", "/me")["user"]["email"]
        # Made up requests may have given another program one of the texts as its name.
        self.world.program.postgres.rows("update programs set name = md5(id::text)")

    def asked(self, method, path, body=None):
        """What the administrator is answered, as JSON that no browser takes for anything else."""
        answer = self.admin.request(method, path, body)
        expect(answer.status < 300,
               f"{method} {path} {body!r:.200}: {answer.status} {answer.body[:200]!r}")
        if not answer.body:
            return None
        equal(answer.headers["content-type"], "application/json", path)
        equal(answer.headers["x-content-type-options"], "nosniff", path)
        expect(answer.headers["content-security-policy"].startswith("default-src 'none'"), path)
        return answer.json()

    def application(self, text, email):
        """The id of a confirmed application that has the text wherever one can type."""
        sent = Caller(self.port).post("/auth/apply", {
            "email": email, "name": text, "kind": "company", "company": text, "country": "US",
            "website": f"https://{HOST}/?q={urllib.parse.quote(text)}",
            "audience": f"{text}\n{text}",
            "terms_version": self.world.terms(), "password": PASSWORD})
        equal(sent.status, 202, sent.body)
        token = mail(self, "verify-email", email)["content"]["text"].split("token=")[1].split()[0]
        equal(Caller(self.port).post("/auth/verify-email", {"token": token}).status, 204)
        path = f"/applications?status=waiting&q={urllib.parse.quote(email)}"
        return self.asked("GET", path)["data"][0]["id"]


def mail(shared, template, to):
    """The newest mail of a template to an address, with its words."""
    path = f"/mails?limit=1&template={template}&to={urllib.parse.quote(to)}"

    def newest():
        rows = shared.asked("GET", path)["data"]
        return rows and rows[0]["state"] == "shown" and rows[0]
    return shared.asked("GET", f"/mails/{eventually(newest, f'{template} to {to}')['id']}")


def in_one_line(text):
    """The words of a text, which templates may break between."""
    return " ".join(text.split())


class Tags(html.parser.HTMLParser):
    """The tags of a document with their attributes, and its words."""

    def __init__(self, document):
        super().__init__(convert_charrefs=True)
        self.tags, self.words = [], ""
        self.feed(document)
        self.close()

    def handle_starttag(self, tag, attrs):
        """An address counts up to its query: tokens differ."""
        self.tags.append((tag, [(name, (value or "").partition("?")[0]) for name, value in attrs]))

    def handle_data(self, data):
        self.words += data

    def handle_comment(self, data):
        self.tags.append(("comment", data))

    def unknown_decl(self, data):
        self.tags.append(("declaration", data))

    def handle_pi(self, data):
        self.tags.append(("instruction", data))


def same_tags(hostile, harmless, what):
    """Two documents differ in their words only."""
    hostile, harmless = Tags(hostile), Tags(harmless)
    new = [tag for tag in hostile.tags if tag not in harmless.tags]
    expect(hostile.tags == harmless.tags, f"{what}: markup that was not there: {new[:3]}")
    return hostile.words


@suite.test
def stored_texts_come_back_as_they_were():
    shared, fields = Site(), 0
    me = shared.asked("GET", "/me")["user"]
    texts = (MARKUP + FORMULAS)[::1 if LONG else 3]
    for i, text in enumerate(texts):
        utm = dict.fromkeys(("source", "medium", "campaign", "term", "content"), text)
        link = shared.asked("POST", "/links", {"destination_url": f"https://{HOST}/{i}",
                                               "name": text,
                                               "utm": utm, "password": "open sesame"})
        user = shared.asked("POST", "/users", {"email": f"u{i}@example.org", "name": text,
                                               "role": "partner"})
        key = shared.asked("POST", "/api-keys", {"name": text, "scopes": ["links:read"]})
        shared.asked("PATCH", shared.program_path, {"name": text})
        shared.asked("PATCH", "/settings", {"branding_name": text})
        shared.asked("PATCH", "/me", {"name": text})
        stored = shared.asked("GET", f"/links/{link['id']}")
        who = shared.asked("GET", "/me")
        keys = {each["id"]: each["name"] for each in shared.asked("GET", "/api-keys")["data"]}
        log = shared.asked("GET", f"/audit-logs?object_type=user&object_id={me['id']}")["data"][0]
        found = [stored["name"], *stored["utm"].values(), keys[key["id"]], who["user"]["name"],
                 who["branding"]["name"], shared.asked("GET", f"/users/{user['id']}")["name"],
                 shared.asked("GET", shared.program_path)["name"], log["user_name"],
                 log["after"]["name"]]
        equal(found, [text] * len(found), "what came back")
        fields += len(found)
        equal(shared.admin.delete(f"/api-keys/{key['id']}").status, 204)
    say(f"{len(texts)} texts, {fields} fields")


@suite.test
def applications_hold_what_strangers_typed():
    shared = Site()
    for i, text in enumerate(MARKUP[::9] + FORMULAS[::5]):
        id = shared.application(text, f"applicant{i}@example.org")
        found = shared.asked("GET", f"/applications/{id}")
        equal((found["name"], found["company"], found["audience"]), (text, text, f"{text}\n{text}"))
        equal(urllib.parse.unquote(found["website"]), f"https://{HOST}/?q={text}")


@suite.test
def what_visitors_send_comes_back_as_it_was():
    shared = Site()
    link = shared.asked("POST", "/links", {"destination_url": f"https://{HOST}/"})
    texts = [text for text in MARKUP if text.isascii()]
    for text in texts:
        query = "?" + urllib.parse.urlencode({"utm_source": text, "utm_campaign": text})
        visit(shared.port, link["code"], query, user_agent=text,
              headers={"Referer": f"https://x.example/{text}", "Accept-Language": text})
        visit(shared.port, urllib.parse.quote(text, safe=""), user_agent=text)
    path = f"/clicks?limit=200&link_id={link['id']}"
    clicks = eventually(lambda: len(rows := shared.asked("GET",
                                                         path)["data"]) == len(texts) and rows,
                        "the clicks")
    sources = {click["utm"]["source"] for click in clicks if click["utm"]}
    equal(set(texts) - sources, set(), "utm_source of the clicks")


@suite.test
def an_export_has_no_formulas():
    shared, found = Site(), 0
    for text in FORMULAS:
        shared.asked("PATCH", "/me", {"name": text})
        id = shared.world.id_of("app", "waiting")
        shared.asked("POST", f"/applications/{id}/reject", {"reason": text})
        answer = shared.admin.get("/audit-logs/export", object_id=id)
        equal(answer.status, 200)
        expect(answer.headers["content-type"].startswith("text/csv"), answer.headers)
        expect(answer.headers["content-disposition"].startswith("attachment"), answer.headers)
        rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline="")))
        for cell in (cell for row in rows for cell in row.values()):
            expect(not cell.startswith(FORMULA_BEGINS), f"a formula: {cell!r}")
        rejected = next(row for row in rows if row["action"] == "applications.reject")
        equal((rejected["user_name"], rejected["reason"]), (f"'{text}", f"'{text}"))
        found += len(rows)
    say(f"{len(FORMULAS)} formulas, {found} rows")


def written(shared, text, number):
    """The mails that are written when the text is typed wherever it gets into one."""
    shared.asked("PATCH", "/settings", {"branding_name": text})
    user = f"invited{number}@example.org"
    shared.asked("POST", "/users", {"email": user, "name": text, "role": "partner"})
    key = shared.asked("POST", "/api-keys", {"name": text, "scopes": ["links:read"]})
    applicant = f"candidate{number}@example.org"
    id = shared.application(text, applicant)
    shared.asked("POST", f"/applications/{id}/reject", {"reason": text})
    shared.asked("POST", "/settings/test-mail", {"to": applicant})
    mails = [mail(shared, "invitation", user), mail(shared, "api-key-created", shared.email)]
    mails += [mail(shared, name, applicant) for name in
              ("verify-email", "application-received", "application-rejected", "test")]
    equal(shared.admin.delete(f"/api-keys/{key['id']}").status, 204)
    return mails


@suite.test
def mails_have_the_markup_of_their_templates_only():
    shared = Site()
    plain = written(shared, HARMLESS, "-plain")
    for i, text in enumerate(MARKUP[::3 if LONG else 12] + MARKUP[-8:-3]):
        for hostile, harmless in zip(written(shared, text, i), plain):
            what = f"{harmless['template']} with {text!r}"
            words = same_tags(hostile["content"]["html"], harmless["content"]["html"], what)
            for form in (words, hostile["content"]["text"]):
                expect(in_one_line(text) in in_one_line(form), f"{what}: it is not in the words")
            expect(not set(hostile["content"]["subject"]) & set("\r\n"), what)


@suite.test
def pages_of_links_have_the_markup_of_their_templates_only():
    shared = Site()
    locked = shared.asked("POST", "/links", {"destination_url": f"https://{HOST}/",
                                             "code": "locked-one",
                                             "name": MARKUP[0], "password": "open sesame"})
    page = Caller(shared.port)
    harmless = page.get("/r/no-such-code-at-all")
    equal(harmless.status, 404)
    form = page.get(f"/r/{locked['code']}")
    equal(form.status, 200)

    def unlock(code, password):
        body = urllib.parse.urlencode({"code": code, "password": password}).encode()
        return page.post("/links/unlock", body,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})
    wrong = unlock(locked["code"], "wrong")
    equal(wrong.status, 403)
    for text in MARKUP:
        quoted = urllib.parse.quote(text, safe="")
        for what, answer, like in (
                ("a code", page.get(f"/r/{quoted}"), harmless),
                ("a query", page.get(f"/r/no-such-code-at-all?{quoted}={quoted}"), harmless),
                ("a query of a form", page.get(f"/r/{locked['code']}?{quoted}={quoted}"), form),
                ("a wrong password", unlock(locked["code"], text), wrong)):
            if answer.status == 429:
                continue  # Passwords of a link can be tried so often only.
            equal(answer.status, like.status, f"{what}: {text!r}")
            expect("script-src 'self'" in answer.headers.get("content-security-policy", ""),
                   f"{what}: {text!r} {answer.status} {answer.headers} {answer.body[:300]}")
            same_tags(answer.body.decode(), like.body.decode(), f"{what} {text!r}")
        lost = page.get(f"/api/v1/{quoted}")
        equal((lost.status, lost.headers["content-type"]), (404, "application/problem+json"), text)
