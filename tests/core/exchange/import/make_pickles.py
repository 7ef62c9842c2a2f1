#!/usr/bin/python3
"""Writes pickles into the folder that is given, in every protocol: what PyBirch's Sample class
pickles to, plain data of every kind, and what must do nothing."""

import collections
import os
import pickle
import pathlib
import sys
import types

folder = pathlib.Path(sys.argv[1])

# PyBirch's module, as far as a pickle knows it.
module = types.ModuleType("pybirch.queue.samples")
sys.modules["pybirch"] = types.ModuleType("pybirch")
sys.modules["pybirch.queue"] = types.ModuleType("pybirch.queue")
sys.modules["pybirch.queue.samples"] = module


class Sample:
    def __init__(self, ID, material="", additional_tags=(), image=None):
        self.ID, self.material, self.additional_tags = ID, material, list(additional_tags)
        self.image = image


Sample.__module__ = "pybirch.queue.samples"
module.Sample = Sample


class Hostile:
    def __init__(self, call, *arguments):
        self.call, self.arguments = call, arguments

    def __reduce__(self):
        return self.call, self.arguments


def plain():
    shared = ["shared"]
    return {
        "none": None, "true": True, "false": False, "small": 7, "negative": -300, "word": 70000,
        "long": 2 ** 40, "minus": -(2 ** 40), "huge": 2 ** 90, "real": 1.5e-7, "infinity": float("inf"),
        "text": "Ω ü 漢 \U0001f52c", "escapes": "a\\u0041\nb'\"", "bytes": b"\x00\xff'\n", "empty": b"",
        "array": bytearray(b"abc"), "list": [1, [2, [3]]], "tuple": (1, 2, 3, 4), "pair": (1, 2),
        "nothing": (), "set": {1}, "frozen": frozenset({"x"}), "first": shared, "second": shared,
        "ordered": collections.OrderedDict(a=1), 5: "five", "long text": "x" * 300,
    }


def cycle():
    loop = {"name": "loop"}
    loop["self"] = loop
    return loop


def write(name, value, protocol):
    (folder / f"{name}.{protocol}.pkl").write_bytes(pickle.dumps(value, protocol))


for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
    write("plain", plain(), protocol)
    write("cycle", cycle(), protocol)
    write("sample", Sample("S-1", "TaAs", ["hall_bar", "bulk"]), protocol)
    write("samples", [Sample("A"), {"ID": 7, "material": "Au"}, 3], protocol)
    write("hostile", Sample("H", Hostile(os.system, f"touch {folder}/executed"), [], None), protocol)
    write("evaluated", Hostile(eval, f"open('{folder}/executed', 'w')"), protocol)
    write("removing", {"ID": "R", "x": Hostile(os.remove, str(folder / "kept"))}, protocol)
    try:
        import numpy
    except ImportError:
        continue
    write("image", Sample("I", "Pt", [], numpy.arange(12, dtype=numpy.uint8).reshape(3, 4)), protocol)
    write("columns", Sample("F", "Pt", [], numpy.asfortranarray(numpy.ones((2, 3), dtype=">f4"))),
          protocol)
    write("empty", Sample("E", "Pt", [], numpy.array([])), protocol)
(folder / "kept").write_text("here")
