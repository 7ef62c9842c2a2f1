#!/usr/bin/python3
"""Checks every #include of the tree against the layer table of BirchLayers.cmake, and that no two
types of a namespace have one name.

With static libraries and includes from the root a wrong include compiles, and so do two types of
one name: the linker takes one of their inline functions for both. Nothing else would notice. Prints `file:line: what; remedy` per fault and ends with 1 if there is one.

    packaging/check_layers.py [--root FOLDER]
"""

import argparse
import pathlib
import re
import sys

ROW = re.compile(r'^\s*"([a-z_/]+)\|([^|"]*)\|([^|"]*)"', re.MULTILINE)
INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)', re.MULTILINE)
QT_FOLDER = pathlib.Path("/usr/include/x86_64-linux-gnu/qt6")
# Namespaces and types at the left margin: what is inside a type is indented.
SCOPE = re.compile(r"^(?:inline )?namespace ?([\w:]*) ?\{|^\} // namespace|"
                   r"^(?:template ?<.*>\s*)?(?:class|struct|union|enum(?: class| struct)?)\s+"
                   r"(?:\[\[\w+\]\]\s*)?(\w+)\b(?!::)[^;{}()=]*\{", re.MULTILINE)
PRODUCT = ("core", "drivers", "widgets", "app")
SOURCES = ("core", "drivers", "widgets", "app", "tests", "bench")

# Headers of other libraries, by the name that the table has for them.
EXTERNAL_HEADERS = {
    "udunits2.h": "udunits", "zstd.h": "zstd", "xxhash.h": "xxhash", "sqlite3.h": "sqlite3",
    "libpq-fe.h": "libpq", "hdf5.h": "hdf5",
}
EXTERNAL_FOLDERS = {"yaml-cpp/": "yaml-cpp", "postgresql/": "libpq", "hdf5": "hdf5"}
# A thumbnail is an image, in core too: the only use of QtGui below widgets/.
EXCEPTIONS = {("core/exchange", name) for name in ("QImage", "QImageReader", "Qt6::Gui")}
BELOW_WIDGETS = ("core/", "drivers/")
WINDOW_MODULES = ("Qt6::Gui", "Qt6::Widgets", "Qt6::Charts", "Qt6::Svg", "Qt6::PrintSupport",
                  "Qt6::SvgWidgets", "Qt6::OpenGL", "Qt6::OpenGLWidgets")


def read_table(root):
    """layer -> (layers, externals) it may use."""
    text = (root / "packaging/cmake/BirchLayers.cmake").read_text(encoding="utf-8")
    split = lambda names: set(filter(None, names.split(",")))
    return {name: (split(uses), split(externals)) for name, uses, externals in ROW.findall(text)}


def without_comments(text):
    """Comments blanked, lines kept."""
    blank = lambda match: re.sub(r"[^\n]", " ", match.group())
    return re.sub(r"/\*.*?\*/|//[^\n]*", blank, text, flags=re.DOTALL)


def qt_modules(folder=QT_FOLDER):
    """Qt header -> module target, for <QWidget>, <QtWidgets/QWidget> and <qwidget.h>."""
    modules = {}
    for module in sorted(folder.glob("Qt*")):
        target = "Qt6::" + module.name.removeprefix("Qt")
        for header in module.iterdir():
            modules.setdefault(header.name, target)
        modules[module.name] = target
    # QtCore wins where a module repeats a header's name.
    for header in (folder / "QtCore").glob("*"):
        modules[header.name] = "Qt6::Core"
    return modules


class Checker:
    def __init__(self, root):
        self.root = root
        self.table = read_table(root)
        self.modules = qt_modules()
        self.types = {}  # (namespace, name) -> file:line of the first
        self.faults = []

    def fault(self, path, line, what):
        self.faults.append(f"{path}:{line}: {what}")

    def layer_of(self, path):
        """The layer whose folder holds path; a file below one belongs to it."""
        folder = pathlib.PurePosixPath(path).parent.as_posix()
        while folder != ".":
            if folder in self.table:
                return folder
            folder = pathlib.PurePosixPath(folder).parent.as_posix()
        return None

    def check_table(self):
        for layer, (_, externals) in self.table.items():
            if layer.startswith(BELOW_WIDGETS):
                for module in sorted(externals.intersection(WINDOW_MODULES)):
                    if (layer, module) in EXCEPTIONS:
                        continue
                    self.fault("packaging/cmake/BirchLayers.cmake", 1,
                               f"{layer} may not link {module}; only widgets/ draws")

    def check_file(self, path):
        raw = (self.root / path).read_text(encoding="utf-8")
        text = without_comments(raw)
        layer = self.layer_of(path)
        if path.endswith(".h") and not re.search(r"^\s*#\s*pragma\s+once", text, re.MULTILINE):
            self.fault(path, 1, "no #pragma once; add it as the first line")
        includes = [(text.count("\n", 0, m.start(1 if m[1] else 2)) + 1, m[1], m[2])
                    for m in INCLUDE.finditer(text)]
        self.check_own_first(path, includes)
        if path.startswith(PRODUCT):
            self.check_types(path, raw)  # a comment tells which brace ends a namespace
        for line, ours, theirs in includes:
            if ours:
                self.check_ours(path, layer, line, ours)
            elif layer:
                self.check_theirs(path, layer, line, theirs)

    def check_types(self, path, text):
        scope = []
        for found in SCOPE.finditer(text):
            if found[1] is not None:
                scope.append(found[1])
                continue
            if found[2] is None:
                if scope:
                    scope.pop()
                continue
            if "" in scope:  # of this file alone
                continue
            line = text.count("\n", 0, found.start(2)) + 1
            name = "::".join(scope + [found[2]])
            first = self.types.setdefault(name, f"{path}:{line}")
            if first != f"{path}:{line}":
                self.fault(path, line, f"{name} is at {first} already; rename one of them, or put "
                                       "this one into an unnamed namespace")

    def check_own_first(self, path, includes):
        own = path.removesuffix(".cpp") + ".h"
        if not path.endswith(".cpp") or not (self.root / own).is_file():
            return
        if not includes or includes[0][1] != own:
            self.fault(path, includes[0][0] if includes else 1,
                       f'"{own}" is not the first include; put it there, to prove that it '
                       "needs nothing before it")

    def check_ours(self, path, layer, line, included):
        if re.fullmatch(r"[A-Za-z0-9_]+\.moc|moc_[A-Za-z0-9_]+\.cpp", included):
            return
        if not (self.root / included).is_file() or ".." in included.split("/"):
            self.fault(path, line, f'"{included}" is not a path from the root of the tree; write '
                                   'it as "core/base/result.h"')
            return
        used = self.layer_of(included)
        if used is None and layer:
            self.fault(path, line, f'"{included}" belongs to no layer; {layer} may not include it')
        elif layer and used != layer and used not in self.table[layer][0]:
            self.fault(path, line, f'{layer} must not include "{included}"; the table allows '
                                   f"{', '.join(sorted(self.table[layer][0])) or 'no layer'}")

    def check_theirs(self, path, layer, line, included):
        needed = self.external_of(included)
        if needed is None or needed in self.table[layer][1]:
            return
        if (layer, included.split("/")[-1]) in EXCEPTIONS:
            return
        self.fault(path, line, f"{layer} must not include <{included}> of {needed}; the table "
                               f"allows {', '.join(sorted(self.table[layer][1]))}")

    def external_of(self, included):
        """The target that a header in angle brackets needs; None for the system's own."""
        if included in EXTERNAL_HEADERS:
            return EXTERNAL_HEADERS[included]
        for prefix, target in EXTERNAL_FOLDERS.items():
            if included.startswith(prefix):
                return target
        first = included.split("/")[0]
        if "/" in included and first in self.modules:
            return self.modules[first]
        if included.startswith(("Q", "q")) and included not in self.modules:
            return f"no Qt module of {QT_FOLDER}"
        return self.modules.get(included) if included.startswith(("Q", "q")) else None

    def run(self):
        self.check_table()
        for folder in SOURCES:
            for file in sorted((self.root / folder).rglob("*")):
                if file.suffix in (".h", ".cpp") and "fixtures" not in file.parts:
                    self.check_file(file.relative_to(self.root).as_posix())
        return self.faults


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parent.parent)
    faults = Checker(parser.parse_args().root.resolve()).run()
    print("\n".join(faults), end="\n" if faults else "")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
