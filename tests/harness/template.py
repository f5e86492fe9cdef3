"""A private PostgreSQL made once for many programs: initdb and all migrations take longer than most
tests. Only where $REFERRAL_TEMPLATES names a folder; what is about a first start does without.
"""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess


def copy_to(data, binary):
    """Gives a new data folder a migrated PostgreSQL, as `binary` would make it."""
    templates = os.environ.get("REFERRAL_TEMPLATES")
    if not templates or pathlib.Path(data).exists():
        return
    data.mkdir()
    data.chmod(0o711)
    # Not shutil: it keeps no owners.
    subprocess.run(["cp", "-a", _made(pathlib.Path(templates), binary) / "postgres", data],
                   check=True)


def _made(templates, binary):
    """The data folder of a migrated PostgreSQL of this very program, which is made when missing."""
    stat = os.stat(binary)
    name = hashlib.sha256(f"{binary} {stat.st_size} {stat.st_mtime_ns}".encode()).hexdigest()[:16]
    ready = templates / name
    templates.mkdir(mode=0o711, exist_ok=True)
    with (templates / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            making = templates / f"{name}.making"
            shutil.rmtree(making, ignore_errors=True)
            done = subprocess.run([binary, "migrate", "--data", str(making)], cwd=templates,
                                  env={"PATH": os.environ["PATH"]}, capture_output=True, text=True)
            if done.returncode != 0:
                raise AssertionError(f"no template of a database: {done.stdout}{done.stderr}")
            making.rename(ready)
    return ready
