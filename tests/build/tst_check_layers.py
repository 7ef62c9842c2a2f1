#!/usr/bin/python3
"""Plants each kind of forbidden include, and a name taken twice, and sees packaging/check_layers.py name file and line."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("BIRCH_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
CHECKER = SOURCE / "packaging/check_layers.py"

GOOD = {
    "core/base/result.h": "#pragma once\n#include <QString>\n#include <variant>\n",
    "core/base/result.cpp": '#include "core/base/result.h"\n#include <udunits2.h>\n#include <unistd.h>\n',
    "core/base/alone.h": '#pragma once\n#include "core/base/result.h"\n',
    "core/plan/plan.h": "#pragma once\nclass QWidget; // #include <QWidget> would be wrong\n",
    "core/plan/plan.cpp": '#include "core/plan/plan.h"\n\n#include "core/base/result.h"\n',
    "core/store/store.cpp": "#include <QSqlQuery>\n#include <QtSql/QSqlDatabase>\n#include <libpq-fe.h>\n",
    "core/exchange/thumbnail.cpp": "#include <QImage>\n#include <hdf5.h>\n",
    "drivers/transport/socket.cpp": "#include <QTcpSocket>\n",
    "widgets/models/model.cpp": '#include "widgets/models/model.h"\n#include "core/plan/plan.h"\n#include <QIcon>\n',
    "widgets/tree/tree.cpp": '#include "widgets/models/model.h"\n#include <QTreeView>\n',
    "widgets/models/model.h": "#pragma once\n",
    "app/main.cpp": '#include "widgets/models/model.h"\n#include "core/plan/plan.h"\n#include <QApplication>\n',
    "core/store/type.h": "#pragma once\nnamespace birch {\nclass Plan;\nstruct Plan {\n    struct Item {\n    };\n};\nclass Plan::Inner {\n};\n} // namespace birch\n",
    "core/engine/type.cpp": "namespace birch {\nnamespace {\nclass Plan {\n};\n} // namespace\nstruct Item {\n};\n} // namespace birch\nnamespace birch::cli {\nclass Plan {\n};\n} // namespace birch::cli\n",
    "tests/core/plan/tst_plan.cpp": '#include "core/plan/plan.h"\n#include <QTest>\n#include "tst_plan.moc"\n',
}

# case: (file, its text, words that must be in the one line of output)
VIOLATIONS = {
    "upwards": ("core/base/bad.cpp", '#include <QString>\n#include "core/plan/plan.h"\n',
                ["core/base/bad.cpp:2:", "core/base must not include", "no layer"]),
    "sideways": ("core/plan/bad.cpp", '#include "core/store/store.h"\n', ["core/plan/bad.cpp:1:"]),
    "core takes a driver": ("core/store/bad.h", '#pragma once\n#include "drivers/transport/t.h"\n',
                            ["core/store/bad.h:2:", "must not include"]),
    "widget takes a driver": ("widgets/tree/bad.cpp", '#include "drivers/transport/t.h"\n',
                              ["widgets/tree/bad.cpp:1:"]),
    "core takes the app": ("core/plan/bad.cpp", '#include "app/window.h"\n', ["belongs to no layer"]),
    "core takes a test": ("core/plan/bad.cpp", '#include "tests/core/plan/fake.h"\n',
                          ["belongs to no layer"]),
    "below a layer's folder": ("core/plan/nodes/bad.cpp", '#include "core/store/store.h"\n',
                               ["core/plan/nodes/bad.cpp:1:"]),
    "widgets in core": ("core/plan/bad.cpp", "#include <QMessageBox>\n",
                        ["core/plan/bad.cpp:1:", "<QMessageBox> of Qt6::Widgets"]),
    "by module": ("core/plan/bad.cpp", "#include <QtWidgets/QLabel>\n", ["Qt6::Widgets"]),
    "whole module": ("core/plan/bad.cpp", "#include <QtGui>\n", ["Qt6::Gui"]),
    "lower case": ("core/plan/bad.cpp", "#include <qwidget.h>\n", ["Qt6::Widgets"]),
    "gui in core": ("core/engine/bad.cpp", "#include <QColor>\n", ["Qt6::Gui"]),
    "image elsewhere": ("core/data/bad.cpp", "#include <QImage>\n", ["Qt6::Gui"]),
    "widgets in models": ("widgets/models/bad.cpp", "#include <QTreeView>\n", ["Qt6::Widgets"]),
    "sql in engine": ("core/engine/bad.cpp", "#include <QSqlQuery>\n", ["Qt6::Sql"]),
    "library": ("core/plan/bad.cpp", "#include <zstd.h>\n", ["of zstd"]),
    "library folder": ("core/plan/bad.cpp", "#include <yaml-cpp/yaml.h>\n", ["of yaml-cpp"]),
    "no such Qt header": ("core/plan/bad.cpp", "#include <QNoSuchThing>\n", ["no Qt module"]),
    "relative": ("core/plan/bad.cpp", '#include "plan.h"\n', ["not a path from the root"]),
    "dots": ("core/plan/bad.cpp", '#include "core/plan/../base/result.h"\n',
             ["not a path from the root"]),
    "relative in a test": ("tests/core/plan/tst_bad.cpp", '#include "fake.h"\n',
                           ["tests/core/plan/tst_bad.cpp:1:"]),
    "own header late": ("core/base/result.cpp", '#include <QString>\n#include "core/base/result.h"\n',
                        ["core/base/result.cpp:1:", "not the first include"]),
    "own header absent": ("core/base/result.cpp", "int x;\n", ["core/base/result.cpp:1:"]),
    "no guard": ("core/base/bare.h", "// #pragma once\n", ["no #pragma once"]),
    "one name twice": ("core/plan/bad.h", "#pragma once\nnamespace birch {\nclass Plan final\n{\n};\n} // namespace birch\n",
                       ["core/store/type.h:4:", "birch::Plan is at core/plan/bad.h:3"]),
    "an enum and a class": ("widgets/tree/bad.cpp", "namespace birch {\nenum class Plan : int { A };\n} // namespace birch\n",
                            ["widgets/tree/bad.cpp:2:", "birch::Plan is at core/store/type.h:4"]),
    "odd spacing": ("core/base/bad.cpp", '  #  include   "core/plan/plan.h"\n',
                    ["core/base/bad.cpp:1:"]),
}


class CheckLayersTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="birch-layers-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("packaging/cmake/BirchLayers.cmake",
                   (SOURCE / "packaging/cmake/BirchLayers.cmake").read_text(encoding="utf-8"))
        for path in ("core/store/store.h", "drivers/transport/t.h", "app/window.h",
                     "tests/core/plan/fake.h"):
            self.write(path, "#pragma once\n")
        self.write("core/store/store.cpp", "")
        for path, text in GOOD.items():
            if path == "core/store/store.cpp":
                text = '#include "core/store/store.h"\n' + text
            self.write(path, text)

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def check(self):
        done = subprocess.run([sys.executable, "-B", CHECKER, "--root", self.root],
                              capture_output=True, text=True, timeout=50, check=False)
        self.assertEqual(done.stderr, "")
        return done.returncode, done.stdout.splitlines()

    def test_a_good_tree_passes(self):
        self.assertEqual(self.check(), (0, []))

    def test_each_violation_is_caught(self):
        for name, (path, text, words) in VIOLATIONS.items():
            with self.subTest(name):
                file = self.root / path
                before = file.read_text(encoding="utf-8") if file.exists() else None
                self.write(path, text)
                code, lines = self.check()
                if before is None:
                    file.unlink()
                else:
                    self.write(path, before)
                self.assertEqual((code, len(lines)), (1, 1), lines)
                for word in words:
                    self.assertIn(word, lines[0])
        self.test_a_good_tree_passes()

    def test_the_table_itself_may_not_draw_in_core(self):
        table = self.root / "packaging/cmake/BirchLayers.cmake"
        text = table.read_text(encoding="utf-8")
        self.assertIn('"core/plan|core/base,core/instrument|Qt6::Core', text)
        table.write_text(text.replace('"core/plan|core/base,core/instrument|Qt6::Core',
                                      '"core/plan|core/base,core/instrument|Qt6::Widgets,Qt6::Core'),
                         encoding="utf-8")
        code, lines = self.check()
        self.assertEqual(code, 1)
        self.assertIn("core/plan may not link Qt6::Widgets", lines[0])


if __name__ == "__main__":
    unittest.main()
