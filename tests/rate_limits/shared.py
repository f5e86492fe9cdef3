"""The suite, and the programs its tests share."""
import pathlib
import shutil
import tempfile

from harness import LONG, Postgres, Program, Redis, Suite, eventually
from harness.program import ADMIN_PASSWORD

suite = Suite()
kept = {}

SECRET = "the same secret key in all processes"
# What a user may: 40 a second, 20 at once. An address: nothing is said of it.
RATE, BURST = 40, 20
LIMITS = f"read.user={RATE * 60}/min:{BURST},read.address=off,sign-in.address=30/min:10"
PROXY = "127.0.0.2"


def say(text):
    print(f"   {text}", flush=True)


class Nodes:
    """Several processes on one database; `redis`: that share their limits through it."""

    def __init__(self, database, count, redis=None, limits=LIMITS, **env):
        self.database = database
        if redis:
            env["REDIS_URL"] = redis.url
        env |= {"DATABASE_URL": database.url, "SECRET_KEY": SECRET, "RATE_LIMITS": limits,
                "TRUSTED_PROXIES": PROXY, "CLICK_INGEST": "false"}
        self.programs = []
        try:
            for _ in range(count):
                self.programs.append(Program(env=env))
        except BaseException:
            self.close()
            raise
        self.ports = [program.port for program in self.programs]
        if redis:
            self.wait_until_shared()

    def wait_until_shared(self, processes=None):
        """Until all reach Redis, and know how many they are."""
        wanted = processes or len(self.programs)
        for program in self.programs:
            eventually(lambda p=program: p.metrics()["referral_redis_reached"] == 1
                       and p.metrics()["referral_redis_processes"] >= wanted, "Redis is reached")

    def wait_until_alone(self):
        """Until all know that Redis is away."""
        for program in self.programs:
            eventually(lambda p=program: p.metrics()["referral_redis_reached"] == 0,
                       "Redis is missed")

    def user(self):
        """Header lines of a new user's session."""
        number = kept["users"] = kept.get("users", 0) + 1
        email = f"user{number}@example.com"
        self.database.rows(f"""
            insert into users (email, password_hash, name, role, created_at, updated_at)
            select '{email}', password_hash, 'User', 'admin', now(), now()
            from users order by id limit 1""")
        # From an address of its own, lest signing in is limited.
        client = self.programs[0].client(source=PROXY)
        answer = client.post("/auth/sign-in", {"email": email, "password": ADMIN_PASSWORD},
                             headers={"X-Forwarded-For": f"198.51.100.{number}"})
        if answer.status != 200:
            raise AssertionError(f"sign-in: {answer.status} {answer.body[:300]!r}")
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        client.close()
        return {"Cookie": cookies, "X-CSRF-Token": answer.json()["csrf_token"]}

    def close(self):
        for program in self.programs:
            program.close()


def folder():
    """Where servers of the tests keep their files; gone at the end."""
    if "folder" not in kept:
        kept["folder"] = pathlib.Path(tempfile.mkdtemp(prefix="referral-limits-"))
        kept["folder"].chmod(0o711)
    return kept["folder"]


def database():
    """The PostgreSQL that all nodes share."""
    if "database" not in kept:
        kept["database"] = Postgres(folder())
        kept["database"].__enter__()
    return kept["database"]


def redis():
    """The Redis of the tests that need one; running, whatever was done to it before."""
    if "redis" not in kept:
        kept["redis"] = Redis(folder(), password="pass word/@")
        kept["redis"].url = f"redis://:pass%20word%2F%40@127.0.0.1:{kept['redis'].port}"
    server = kept["redis"]
    server.kill()
    return server.start()


@suite.at_end
def close():
    """Ends everything."""
    for nodes in kept.get("nodes", []):
        nodes.close()
    if "redis" in kept:
        kept["redis"].kill()
    if "database" in kept:
        kept["database"].__exit__()
    if "folder" in kept:
        shutil.rmtree(kept["folder"], ignore_errors=True)


__all__ = ["BURST", "LIMITS", "LONG", "Nodes", "PROXY", "RATE", "database", "folder", "kept",
           "redis", "say", "suite"]
