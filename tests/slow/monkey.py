#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
# A monkey at the window: random actions by their names, random pointer and keys, in TAP. The same seed
# does the same things.
#
# monkey.py WINDOW CLI [SECONDS [SEED]]
import collections
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

WINDOW, CLI = (os.path.abspath(word) for word in sys.argv[1:3])
SECONDS = float(sys.argv[3]) if len(sys.argv) > 3 else 1800
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else 1
WIDTH, HEIGHT = 1280, 800
# What ends the program is not a fault of it; what needs a person's file would leave the case.
LEFT_OUT = re.compile(r".*(quit|close|open|minimize|inspect|print|save|recent|case).*")
KEYS = ["d", "c", "x", "f", "1", "2", "3", "4", "5", "Escape", "Return", "Tab", "Up", "Down", "Left",
        "Right", "Page_Up", "Page_Down", "Home", "Delete", "BackSpace", "plus", "minus", "space",
        "bracketleft", "bracketright", "ctrl+z", "ctrl+shift+z", "ctrl+Return", "F5", "F6", "F1",
        "F9", "ctrl+comma", "ctrl+e", "t", "r", "h", "b", "m", "p"]


def inside_session():
    read, write = os.pipe()
    display = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as said:
        number = said.readline().strip()
    try:
        with tempfile.TemporaryDirectory() as home:
            environment = dict(os.environ, DISPLAY=":" + number, XDG_RUNTIME_DIR=home, HOME=home,
                               XDG_STATE_HOME=home, GSETTINGS_BACKEND="memory", LC_ALL="C.UTF-8",
                               HEPATICA_MONKEY="1")
            os.chmod(home, 0o700)
            done = subprocess.Popen(["dbus-run-session", "--", sys.executable, *sys.argv],
                                    env=environment, stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL, text=True)
            for line in done.stdout:
                if re.match(r"ok |not ok |#|1\.\.", line):
                    print(line, end="", flush=True)
        return done.wait()
    finally:
        display.terminate()
        display.wait()


def xdotool(*words):
    subprocess.run(["xdotool", *map(str, words)], check=True, stderr=subprocess.DEVNULL)


def frame_of(pid):
    import pyatspi
    for application in pyatspi.Registry.getDesktop(0):
        if application is not None and application.get_process_id() == pid:
            return application.getChildAtIndex(0)
    return None


def any_point(rng):
    # Not the title bar's right end, where the window closes.
    return rng.randrange(8, WIDTH - 8), rng.randrange(60, HEIGHT - 8)


def drag(rng):
    button = rng.choice([1, 1, 1, 2, 3])
    x, y = any_point(rng)
    xdotool("mousemove", x, y, "mousedown", button)
    for _ in range(rng.randrange(1, 12)):
        x = min(max(x + rng.randrange(-60, 61), 4), WIDTH - 4)
        y = min(max(y + rng.randrange(-60, 61), 60), HEIGHT - 4)
        xdotool("mousemove", x, y)
    xdotool("mouseup", button)
    return f"drag {button}"


def click(rng):
    x, y = any_point(rng)
    xdotool("mousemove", x, y, "click", "--repeat", rng.choice([1, 1, 1, 2]), 1)
    return f"click {x} {y}"


def wheel(rng):
    x, y = any_point(rng)
    held = rng.choice([[], [], ["keydown", "ctrl"]])
    xdotool("mousemove", x, y, *held, "click", "--repeat", rng.randrange(1, 8), rng.choice([4, 5]))
    if held:
        xdotool("keyup", "ctrl")
    return "wheel"


def key(rng):
    chosen = rng.choice(KEYS)
    xdotool("key", chosen)
    return "key " + chosen


def act(rng, pid):
    """One of the window's actions by its name, as an accessibility tool runs it."""
    frame = frame_of(pid)
    actions = frame.queryAction() if frame is not None else None
    names = [actions.getName(at) for at in range(actions.nActions)] if actions is not None else []
    allowed = [at for at, name in enumerate(names) if not LEFT_OUT.fullmatch(name)]
    if not allowed:
        return "no action"
    at = rng.choice(allowed)
    actions.doAction(at)
    return "action " + names[at]


def resident_mib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


def play(series, params, log):
    rng = random.Random(SEED)
    process = subprocess.Popen([WINDOW, "--params", params, series], stdout=log,
                               stderr=subprocess.STDOUT)
    time.sleep(4)
    until, done, history, resident = time.monotonic() + SECONDS, 0, [], []
    try:
        while time.monotonic() < until:
            chosen = rng.random()
            if chosen < 0.3:
                history.append(act(rng, process.pid))
            else:
                history.append(rng.choice([drag, click, wheel, key, key])(rng))
            if rng.random() < 0.1:
                xdotool("key", "Escape") # out of whatever dialog is open
            done += 1
            time.sleep(rng.choice([0, 0.02, 0.2]))
            if process.poll() is not None:
                raise AssertionError(f"the program ended ({process.returncode}) after {done} steps: "
                                     + "; ".join(history[-12:]))
            resident.append(resident_mib(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError("the program did not end when asked to")
    return history, resident


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def session():
    print("1..1", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([CLI, "phantom", "--out", folder / "donor", "--matrix", "112", "--slices",
                        "56", "--spacing", "3.3,3.3,4", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)
        log = open(folder / "log", "w+")
        try:
            history, resident = play(folder / "donor" / "series", folder / "donor" / "seed.json", log)
            log.seek(0)
            wrong = [line for line in log.read().splitlines() if "CRITICAL" in line or "ERROR" in line]
            part = max(len(resident) // 5, 1)
            early, late = median(resident[part:2 * part]), median(resident[-part:])
            kinds = collections.Counter(step.split()[0] for step in history)
            names = len({step for step in history if step.startswith("action ")})
            print(f"# {dict(kinds)}, {names} different actions")
            print(f"# seed {SEED}: {len(history)} steps in {SECONDS:.0f} s; resident {early:.0f} MiB early, "
                  f"{late:.0f} MiB late")
            assert not wrong, wrong[:5]
            assert late < 1.25 * early + 60, "memory grew"
            print("ok 1 /monkey", flush=True)
            return 0
        except AssertionError as error:
            log.seek(0)
            print("# " + str(error) + "\n# " + "\n# ".join(log.read().splitlines()[-15:]))
            print("not ok 1 /monkey", flush=True)
            return 1


sys.exit(session() if os.environ.get("HEPATICA_MONKEY") else inside_session())
