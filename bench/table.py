#!/usr/bin/python3
"""Runs the benchmarks and prints one table: work | ours | reference | ratio | aim.

    bench/table.py FOLDER [FILTER]     FOLDER holds bench_*, FILTER is part of a name

A benchmark is measured beside what it can not beat: "X" beside "X/reference", else "X/variant"
beside "X/reference", with the same arguments (or the first of them). The ratio is ours over the
reference, in time per item where both count items: less is better. Repetitions of one program are
interleaved at random, so that a noisy neighbour meets both; what is shown are medians. Ends with 1
when a program fails.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

REPETITIONS = 5
LEAST_SECONDS = 0.1  # of one repetition
UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
# What to reach: a ratio, or seconds of ours. By name, with or without arguments.
AIMED_RATIO = {"acquisition": 1 / 1.5, "query/transport": 2, "query/host": 4, "block": 2,
               "query/vxi11": 2, "query/hislip": 2, "block/vxi11": 1 / 0.6, "block/hislip": 1 / 0.6,
               "readColumn": 0.27, "ingest/postgresql/1": 0.25, "reduceTrace/1000000/0": 2}
AIMED_SECONDS = {"exportCsv": 1.2, "exportHdf5": 0.1, "chartFrame": 16e-3}


def split_name(run_name):
    """("spoolAppend/recorder", ("4096",)) from "spoolAppend/recorder/4096/min_time:0.300"."""
    parts = [part for part in run_name.split("/")
             if ":" not in part and part not in ("real_time", "manual_time", "process_time")]
    arguments = []
    while len(parts) > 1 and re.fullmatch(r"-?\d+", parts[-1]):
        arguments.insert(0, parts.pop())
    return "/".join(parts), tuple(arguments)


def reference_of(name, known):
    """The reference that `name` is compared with, or None."""
    base, arguments = name
    if base.endswith("/reference"):
        return None
    while base:
        for count in range(len(arguments), -1, -1):
            reference = (base + "/reference", arguments[:count])
            if reference in known:
                return reference
        base = base.rpartition("/")[0]
    return None


def aim_of(aims, name):
    base, arguments = name
    while base:
        for key in ("/".join((base, *arguments)), base):
            if key in aims:
                return aims[key]
        base = base.rpartition("/")[0]
    return None


def run(program, arguments):
    """Standard output; prints what the program said and raises where it failed."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    done = subprocess.run([str(program), *arguments], capture_output=True, text=True,
                          env=environment, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{program.name} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def chosen(program, wanted):
    """Name -> full name of those that contain `wanted`, and of their references."""
    names = run(program, ["--benchmark_list_tests=true"]).splitlines()
    known = {split_name(name): name for name in names}
    picked = {name for name in known if wanted.lower() in "/".join((name[0], *name[1])).lower()}
    picked |= {reference for reference in (reference_of(name, known) for name in picked) if reference}
    return {name: known[name] for name in known if name in picked}


def measure(program, names):
    """(name, arguments) -> {"seconds", "items"} of one program; medians."""
    pattern = "^(" + "|".join(re.escape(name).replace("\\ ", " ") for name in names.values()) + ")$"
    text = run(program, [f"--benchmark_filter={pattern}", "--benchmark_format=json",
                         f"--benchmark_repetitions={REPETITIONS}",
                         f"--benchmark_min_time={LEAST_SECONDS}",
                         "--benchmark_report_aggregates_only=true",
                         "--benchmark_enable_random_interleaving=true"])
    results = dict.fromkeys(names)  # in the order of the program, not of the run
    for row in json.loads(text[text.index("{"):])["benchmarks"]:
        if row.get("error_occurred"):
            raise RuntimeError(f"{row['name']}: {row.get('error_message', 'failed')}")
        if row.get("aggregate_name", "median") == "median":
            results[split_name(row["run_name"])] = {
                "seconds": row["real_time"] * UNITS[row["time_unit"]], "items": items_per_second(row)}
    if None in results.values():
        raise RuntimeError(f"{program.name} left out some of its benchmarks")
    return results


def items_per_second(row):
    """By the wall clock: Google Benchmark counts processor time where it is not told otherwise."""
    items = row.get("items_per_second")
    if items and not re.search("real_time|manual_time", row["run_name"]):
        items *= row["cpu_time"] / row["real_time"]
    return items


def duration(seconds):
    for unit in ("ns", "us", "ms"):
        if seconds < 1e3 * UNITS[unit]:
            return f"{seconds / UNITS[unit]:.3g} {unit}"
    return f"{seconds:.3g} s"


def shown(result):
    text = duration(result["seconds"])
    return f"{text}, {result['items']:.2g}/s" if result["items"] else text


def ratio_of(ours, reference):
    if ours["items"] and reference["items"]:
        return reference["items"] / ours["items"]
    return ours["seconds"] / reference["seconds"]


def verdict(name, ours, ratio):
    aim = aim_of(AIMED_RATIO, name)
    if aim is not None and ratio is not None:
        return f"<= {aim:.2g}" + ("" if ratio <= aim else "  missed")
    aim = aim_of(AIMED_SECONDS, name)
    if aim is not None:
        return f"<= {duration(aim)}" + ("" if ours["seconds"] <= aim else "  missed")
    return ""


def table(results):
    rows = [("work", "ours", "reference", "ratio", "aim")]
    for name, ours in results.items():
        if name[0].endswith("/reference"):
            continue
        reference = results.get(reference_of(name, results))
        ratio = ratio_of(ours, reference) if reference else None
        rows.append(("/".join((name[0], *name[1])), shown(ours),
                     shown(reference) if reference else "", f"{ratio:.2f}" if ratio else "",
                     verdict(name, ours, ratio)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
             for row in rows]
    return "\n".join([lines[0], "-" * len(max(lines, key=len)), *lines[1:]])


def main(arguments):
    if not 1 <= len(arguments) <= 2:
        print(__doc__, file=sys.stderr)
        return 2
    programs = sorted(path for path in pathlib.Path(arguments[0]).glob("bench_*")
                      if os.access(path, os.X_OK) and path.is_file())
    wanted = arguments[1] if len(arguments) > 1 else ""
    if not programs:
        print(f"There is no bench_* in {arguments[0]}: build the preset \"release\".", file=sys.stderr)
        return 2
    results, failures = {}, []
    for program in programs:
        try:
            names = chosen(program, wanted)
            if names:
                print(f"{program.name}: {len(names)} benchmarks …", file=sys.stderr, flush=True)
                results |= measure(program, names)
        except (RuntimeError, OSError, ValueError, KeyError) as error:
            failures.append(f"{program.name}: {error}")
    if results:
        print(table(results))
    elif not failures:
        failures.append(f"no benchmark has \"{wanted}\" in its name")
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
