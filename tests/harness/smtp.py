"""A mail server for tests: real SMTP on a loopback port, with TLS and sign-in, that can be told to
refuse, to be slow and to hang up."""
import asyncio
import base64
import contextlib
import dataclasses
import email
import email.policy
import pathlib
import ssl
import subprocess
import threading

from harness.ports import free_port
from harness.suite import eventually

# Where in the dialogue something can be told to happen. `message` is what is said after the final
# dot, `taken` the moment after the message was kept and before that is said.
STAGES = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "message", "taken", "quit")
LINE_MAX = 4096
MESSAGE_MAX = 1 << 20


@dataclasses.dataclass
class Received:
    """A message as it came. `tls` is the version of TLS, or None; `user` who had signed in."""
    sender: str
    recipients: list
    data: bytes
    tls: str
    user: str

    @property
    def mail(self):
        """Parsed: `mail["Subject"]`, decoded."""
        return email.message_from_bytes(self.data, policy=email.policy.default)

    def part(self, kind):
        """The content of the part text/KIND, decoded."""
        return self.mail.get_body((kind,)).get_content()

    @property
    def text(self):
        return self.part("plain")

    @property
    def html(self):
        return self.part("html")


@dataclasses.dataclass
class Fault:
    """What happens at a stage, `times` times (None: always)."""
    reply: str = None
    seconds: float = 0
    drop: bool = False
    times: int = None


class HangUp(Exception):
    """The server ends the connection without a word."""


class Certificates:
    """An authority of its own, and a certificate of it for localhost."""

    def __init__(self, folder, name="localhost"):
        folder = pathlib.Path(folder)
        self.authority, self.certificate = folder / "ca.pem", folder / "mail.pem"
        self.key = folder / "mail.key"
        new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        authority_key = folder / "ca.key"
        self._openssl("req", "-x509", *new_key, "-keyout", authority_key, "-out", self.authority,
                      "-days", "30", "-subj", "/CN=Authority of a test")
        self._openssl("req", "-x509", *new_key, "-keyout", self.key, "-out", self.certificate,
                      "-days", "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
                      "-addext", "basicConstraints=critical,CA:FALSE",
                      "-CA", self.authority, "-CAkey", authority_key)
        self.authority.chmod(0o644)

    @staticmethod
    def _openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    def context(self):
        """For the server's side."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class MailServer:
    """Takes mail on 127.0.0.1 until the end of the `with` block.

        with MailServer() as smtp:
            Program(env=smtp.env)
            smtp.fault("rcpt", reply="450 4.2.1 Try later", times=2)
            mail = smtp.wait_for(1)[0]
            mail.mail["Subject"], mail.text, mail.recipients

    `certificates` make it speak TLS: after STARTTLS, or from the first byte with `implicit`. With
    `users` (name to password) nobody sends without signing in.
    """

    def __init__(self, certificates=None, implicit=False, users=None):
        self.port = free_port()
        self.received = []
        self.dialogues = 0      # Connections so far …
        self.open = 0           # … and those there now.
        self.commands = []      # Every line that clients said, but not those of AUTH.
        self.signed_in = []     # How: mechanism and user.
        self._certificates = certificates
        self._implicit = implicit
        self._users = users or {}
        self._faults = {}
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server = None
        self._tasks = set()

    @property
    def env(self):
        """Settings that make a program send its mail here."""
        env = {"MAIL_SERVER": "localhost", "MAIL_PORT": str(self.port), "MAIL_USE_TLS": "false",
               "MAIL_TIMEOUT_SECONDS": "5", "MAIL_DEFAULT_SENDER": "no-reply@referrals.example"}
        if self._certificates:
            env["MAIL_USE_SSL" if self._implicit else "MAIL_USE_TLS"] = "true"
            env["MAIL_CA"] = str(self._certificates.authority)
        if self._users:
            name, password = next(iter(self._users.items()))
            env |= {"MAIL_USERNAME": name, "MAIL_PASSWORD": password}
        return env

    def __enter__(self):
        self._thread.start()
        self.listen()
        return self

    def __exit__(self, *_):
        self.hang_up()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def listen(self):
        """Takes connections; so it does from the start."""
        self._call(self._listen())

    def hang_up(self):
        """Ends all connections and takes no more, until `listen`."""
        self._call(self._hang_up())

    def fault(self, stage, reply=None, seconds=0, drop=False, times=None):
        """From now on at this stage: waits, then hangs up or says `reply` in place of the usual."""
        assert stage in STAGES, stage
        self._faults[stage] = Fault(reply, seconds, drop, times)

    def heal(self):
        """Nothing goes wrong any more."""
        self._faults.clear()

    def wait_for(self, count, seconds=60):
        """The messages, once there are so many."""
        eventually(lambda: len(self.received) >= count, f"{count} mails", seconds)
        return list(self.received)

    def _call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self):
        context = self._certificates.context() if self._implicit else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=context,
                                                  limit=MESSAGE_MAX)

    async def _hang_up(self):
        if self._server:
            self._server.close()
            self._server = None
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader, writer):
        self.dialogues += 1
        self.open += 1
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            await Dialogue(self, reader, writer).run()
        except (HangUp, OSError, ssl.SSLError, asyncio.IncompleteReadError, asyncio.CancelledError,
                ValueError):
            pass
        finally:
            self.open -= 1
            self._tasks.discard(task)
            with contextlib.suppress(Exception):
                writer.transport.abort()

    async def meet(self, stage):
        """What the fault of this stage has to say, after its pause; None: the usual."""
        fault = self._faults.get(stage)
        if not fault or fault.times == 0:
            return None
        if fault.times is not None:
            fault.times -= 1
        await asyncio.sleep(fault.seconds)
        if fault.drop:
            raise HangUp
        return fault.reply

    def password_of(self, user):
        return self._users.get(user)

    def offers(self, encrypted):
        """What EHLO announces."""
        lines = ["8BITMIME", f"SIZE {MESSAGE_MAX}"]
        if self._certificates and not encrypted:
            lines.append("STARTTLS")
        if self._users and (encrypted or not self._certificates):
            lines.append("AUTH PLAIN LOGIN")
        return lines

    def tls_context(self):
        return self._certificates.context() if self._certificates else None

    def wants_sign_in(self):
        return bool(self._users)


class Dialogue:
    """One connection."""

    def __init__(self, server, reader, writer):
        self._server, self._reader, self._writer = server, reader, writer
        self._user = None
        self._sender, self._recipients = None, []

    def _tls(self):
        found = self._writer.get_extra_info("ssl_object")
        return found.version() if found else None

    async def run(self):
        if not await self._say("connect", "220 mail.test ESMTP"):
            return
        verbs = {"EHLO": self._ehlo, "HELO": self._helo, "STARTTLS": self._starttls,
                 "AUTH": self._auth, "MAIL": self._mail, "RCPT": self._rcpt, "DATA": self._data,
                 "RSET": self._rset, "QUIT": self._quit}
        while True:
            line = await self._line()
            verb, _, rest = line.partition(" ")
            verb = verb.upper()
            if verb != "AUTH":
                self._server.commands.append(line)
            if verb not in verbs:
                self._send("500 5.5.1 What?")
            elif await verbs[verb](rest):
                return
            await self._writer.drain()

    async def _line(self):
        line = await self._reader.readuntil(b"\r\n")
        if len(line) > LINE_MAX:
            raise HangUp
        return line[:-2].decode("latin-1")

    def _send(self, *lines):
        self._writer.write("".join(f"{line}\r\n" for line in lines).encode("latin-1"))

    async def _say(self, stage, usual):
        """Says the usual, unless a fault has something else to say. Whether it was the usual."""
        reply = await self._server.meet(stage)
        self._send(reply or usual)
        await self._writer.drain()
        return reply is None

    async def _ehlo(self, _):
        reply = await self._server.meet("ehlo")
        if reply:
            self._send(reply)
            return
        words = ["mail.test", *self._server.offers(self._tls() is not None)]
        self._send(*(f"250-{word}" for word in words[:-1]), f"250 {words[-1]}")

    async def _helo(self, _):
        self._send("250 mail.test")

    async def _starttls(self, _):
        context = self._server.tls_context()
        if not context or self._tls():
            self._send("502 5.5.1 No TLS here")
        elif await self._say("starttls", "220 Go ahead"):
            await self._writer.start_tls(context)

    async def _auth(self, rest):
        mechanism, _, first = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            answer = first or await self._ask("")
            _, user, password = base64.b64decode(answer).decode().split("\0")
        elif mechanism.upper() == "LOGIN":
            user = base64.b64decode(first or await self._ask("VXNlcm5hbWU6")).decode()
            password = base64.b64decode(await self._ask("UGFzc3dvcmQ6")).decode()
        else:
            self._send("504 5.5.4 Not that way")
            return
        if password != self._server.password_of(user):
            self._send("535 5.7.8 Wrong user or password")
        elif await self._say("auth", "235 2.7.0 Welcome"):
            self._user = user
            self._server.signed_in.append((mechanism.upper(), user))

    async def _ask(self, question):
        self._send(f"334 {question}")
        await self._writer.drain()
        return await self._line()

    async def _mail(self, rest):
        if self._server.wants_sign_in() and not self._user:
            self._send("530 5.7.0 Sign in first")
        elif await self._say("mail", "250 2.1.0 Ok"):
            self._sender = rest[rest.index("<") + 1:rest.index(">")]
            self._recipients = []

    async def _rcpt(self, rest):
        if self._sender is None:
            self._send("503 5.5.1 MAIL first")
        elif await self._say("rcpt", "250 2.1.5 Ok"):
            self._recipients.append(rest[rest.index("<") + 1:rest.index(">")])

    async def _data(self, _):
        if not self._recipients:
            self._send("503 5.5.1 RCPT first")
            return
        if not await self._say("data", "354 Go on"):
            return
        lines = []
        while (line := await self._reader.readuntil(b"\r\n")) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        reply = await self._server.meet("message")
        if reply:
            self._send(reply)
            return
        self._server.received.append(Received(self._sender, self._recipients, b"".join(lines),
                                              self._tls(), self._user))
        self._sender, self._recipients = None, []
        await self._say("taken", "250 2.0.0 Taken")

    async def _rset(self, _):
        self._sender, self._recipients = None, []
        self._send("250 2.0.0 Ok")

    async def _quit(self, _):
        await self._say("quit", "221 2.0.0 Bye")
        return True
