#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Prints 'N passed, N failed, N skipped' over the tests of the build folders named; 1 if any failed.
import json
import pathlib
import sys
import xml.etree.ElementTree as xml


def count(build):
    """Subtests of one run, by outcome. A program that died, or never ran, is a failure too."""
    logs = pathlib.Path(build) / "meson-logs"
    outcomes = {"passed": 0, "failed": 0, "skipped": 0}
    failed_suites = set()
    for suite in xml.parse(logs / "testlog.junit.xml").getroot().iter("testsuite"):
        for case in suite.iter("testcase"):
            bad = case.find("failure") is not None or case.find("error") is not None
            skipped = case.find("skipped") is not None
            outcomes["failed" if bad else "skipped" if skipped else "passed"] += 1
            if bad:
                failed_suites.add(case.get("classname") + " " + case.get("name"))
                failed_suites.add(suite.get("name"))
    for line in (logs / "testlog.json").read_text().splitlines():
        test = json.loads(line)
        name = test["name"].split(" / ")[-1]
        told = {"hepatica." + name, "hepatica " + name} & failed_suites
        if test["result"] not in ("OK", "SKIP", "EXPECTEDFAIL") and not told:
            outcomes["failed"] += 1
    return outcomes


def main():
    total = {"passed": 0, "failed": 0, "skipped": 0}
    for build in sys.argv[1:]:
        try:
            outcomes = count(build)
        except (OSError, xml.ParseError, ValueError) as error:
            print(f"{build}: no results: {error}")
            outcomes = {"failed": 1}
        for outcome, number in outcomes.items():
            total[outcome] += number
    print(", ".join(f"{number} {outcome}" for outcome, number in total.items()))
    return 1 if total["failed"] > 0 else 0


if __name__ == "__main__":
    sys.exit(main())
