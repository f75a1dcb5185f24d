# SPDX-License-Identifier: Apache-2.0
# Drives the built program from outside: runs it, reads its JSON, reports in TAP.
import json
import pathlib
import subprocess
import sys
import tempfile
import traceback

PROGRAM = sys.argv[1]


class Done:
    """What a call left: exit code, stdout, stderr, and stdout as JSON."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)


def call(*words, cwd=None):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, cwd=cwd)
    return Done(done.returncode, done.stdout, done.stderr)


def result(*words):
    """The JSON of a call that must succeed and say nothing on stderr."""
    done = call(*words, "--json", "--quiet")
    assert done.code == 0, f"exit {done.code}: {done.err}"
    assert done.err == "", done.err
    return done.json


def refused(code, *words):
    """The stderr of a call that must fail with `code` and print no result."""
    done = call(*words)
    assert done.code == code, f"exit {done.code}, expected {code}: {done.err}"
    assert done.out == "", done.out
    return done.err


def near(got, expected, share=0.0, margin=0.0):
    assert abs(got - expected) <= max(margin, share * abs(expected)), f"{got}, expected {expected}"


def same(got, expected):
    assert got == expected, f"{got!r}, expected {expected!r}"


def names(folder):
    """Every file below a folder, hidden ones too."""
    return sorted(str(p.relative_to(folder)) for p in pathlib.Path(folder).rglob("*") if p.is_file())


def bytes_of(folder):
    return {name: (pathlib.Path(folder) / name).read_bytes() for name in names(folder)}


def run(tests):
    """Each test gets an empty folder of its own."""
    print(f"1..{len(tests)}")
    failed = False
    for number, test in enumerate(tests, 1):
        label = f"/{pathlib.Path(sys.argv[0]).stem}/{test.__name__}"
        try:
            with tempfile.TemporaryDirectory() as folder:
                test(pathlib.Path(folder))
            print(f"ok {number} {label}", flush=True)
        except Exception: # a failed assertion or a result of the wrong shape
            failed = True
            for line in traceback.format_exc().splitlines():
                print(f"# {line}")
            print(f"not ok {number} {label}", flush=True)
    sys.exit(1 if failed else 0)
