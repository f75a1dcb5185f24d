#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# The frame from outside: help, version, man page, completion, wrong usage.
import shutil
import subprocess

from harness import PROGRAM, call, refused, run, same

COMMANDS = ["info", "convert", "prepare", "phantom", "segment", "compare", "mesh", "measure", "run"]


def every_command_explains_itself(folder):
    help_text = call("--help")
    same(help_text.code, 0)
    for command in COMMANDS:
        assert f"\n  {command} " in help_text.out, command
        done = call(command, "--help")
        same((done.code, done.err), (0, ""))
        assert done.out.startswith(f"Usage: hepatica-cli {command} "), done.out
        same(call("help", command).out, done.out)


def wrong_usage_exits_2_and_says_why(folder):
    cases = {
        (): "Usage:",
        ("lift",): "unknown command lift",
        ("help", "lift"): "unknown command lift",
        ("info",): "info: INPUT is missing",
        ("info", "a", "b"): "info: one argument too many: b",
        ("info", "a", "--colour"): "info: unknown option --colour",
        ("segment", "a"): "segment: --out MASK is missing",
        ("segment", "a", "--out", "b.nii", "--kappa", "x"): "contour.kappa is \"x\", expected a number",
        ("segment", "a", "--out", "b.nii", "--kappa", "99"): "contour.kappa is 99, expected -2 to 2",
        ("mesh", "a", "--out", "b.obj", "--trim", "1,0"): "trim plane is \"1,0\", expected nx,ny,nz,d",
        ("phantom", "--out", folder / "d", "--matrix", "7"): "whole number from 16 to 2048",
        ("mesh", "a", "--out", "b.stl", "--threads", "none"): "--threads is \"none\"",
    }
    for words, expected in cases.items():
        err = refused(2, *words)
        assert expected in err, f"{words}: {err}"


def the_man_page_is_clean_and_whole(folder):
    page = call("--manual").out
    for command in COMMANDS:
        assert f"\n.SS {command}" in page, command
    for heading in ["NAME", "SYNOPSIS", "PARAMETERS", "FILES", "EXIT STATUS", "LIMITS"]:
        assert f"\n.SH {heading}\n" in page, heading
    if shutil.which("man"):
        (folder / "page.1").write_text(page)
        done = subprocess.run(["man", "--warnings", "-l", "-Tutf8", "page.1"], cwd=folder,
                              capture_output=True, text=True, env={"LC_ALL": "C.UTF-8",
                              "PATH": "/usr/bin:/bin", "MANWIDTH": "80"})
        same((done.returncode, done.stderr), (0, ""))


def completion_is_bash_and_knows_every_command(folder):
    script = folder / "completion"
    script.write_text(call("--completion").out)
    ask = f"""source {script}
        COMP_WORDS=(hepatica-cli ''); COMP_CWORD=1; _hepatica_cli; echo "${{COMPREPLY[@]}}"
        COMP_WORDS=(hepatica-cli segment --kap); COMP_CWORD=2; _hepatica_cli; echo "${{COMPREPLY[@]}}"
        COMP_WORDS=(hepatica-cli prepare a --preset set1-h); COMP_CWORD=4; _hepatica_cli
        echo "${{COMPREPLY[@]}}" """
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True)
    same(done.stderr, "")
    commands, option, presets = done.stdout.splitlines()
    same(sorted(commands.split()), sorted(COMMANDS + ["--help", "--version"]))
    same(option, "--kappa")
    same(presets, "set1-histogram-gaussian set1-histogram")


def a_closed_stdout_is_an_error(folder):
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROGRAM, "--help"], stdout=full, stderr=subprocess.PIPE, text=True)
    same(done.returncode, 1)
    same(done.stderr, "hepatica-cli: stdout could not be written\n")


run([every_command_explains_itself, wrong_usage_exits_2_and_says_why,
     the_man_page_is_clean_and_whole, completion_is_bash_and_knows_every_command,
     a_closed_stdout_is_an_error])
