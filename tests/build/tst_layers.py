#!/usr/bin/python3
"""Configures small trees through packaging/cmake/BirchLayers.cmake: a forbidden link stops the
configure step, and a header that does not stand alone stops the build."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("BIRCH_SOURCE_DIR", pathlib.Path(__file__).parents[2]))
CMAKE = os.environ.get("BIRCH_CMAKE", "cmake")
CXX = os.environ.get("BIRCH_CXX", "c++")

# The compiler is taken as working: its probes would be most of the time of a configure step.
TOP = """cmake_minimum_required(VERSION 3.25)
set(CMAKE_CXX_COMPILER_FORCED ON)
project(scratch LANGUAGES CXX)
set(CMAKE_CXX_STANDARD 20)
include({modules}/BirchLayers.cmake)
add_library(birch_warnings INTERFACE)
foreach(name IN ITEMS udunits yaml-cpp Qt6::Core Qt6::Widgets)
    add_library(${{name}} INTERFACE IMPORTED GLOBAL)
endforeach()
add_subdirectory(core/base)
add_subdirectory(core/instrument)
add_subdirectory(core/plan)
{after}
birch_check_edges()
"""
BASE = "birch_layer(core/base LINK Qt6::Core)\n"
INSTRUMENT = "birch_layer(core/instrument USES core/base LINK Qt6::Core)\n"
PLAN = "birch_layer(core/plan USES core/base core/instrument LINK Qt6::Core)\n"

# case: (CMakeLists of core/base, of core/plan, text after, words of the error)
FORBIDDEN = {
    "upwards": (BASE.replace("LINK", "USES core/plan LINK"), PLAN, "",
                ["Forbidden link", "'core/base'", "'birch_core_plan'"]),
    "module": (BASE, PLAN.replace("Qt6::Core", "Qt6::Core Qt6::Widgets"), "",
               ["'core/plan' must not use 'Qt6::Widgets'"]),
    "by hand in its folder": (BASE + "target_link_libraries(birch_core_base PRIVATE birch_core_plan)\n",
                              PLAN, "", ["'core/base' must not use 'birch_core_plan'"]),
    "by hand from elsewhere": (BASE, PLAN,
                               "target_link_libraries(birch_core_base PUBLIC birch_core_plan)\n",
                               ["'core/base' must not use 'birch_core_plan'"]),
    "interface only": (BASE, PLAN,
                       "target_link_libraries(birch_core_base INTERFACE birch_core_plan)\n",
                       ["'core/base' must not use 'birch_core_plan'"]),
    "generator expression": (BASE, PLAN,
                             "target_link_libraries(birch_core_base PUBLIC $<1:birch_core_plan>)\n",
                             ["'core/base' must not use"]),
    "plain library": (BASE, PLAN, "target_link_libraries(birch_core_plan PRIVATE pthread)\n",
                      ["'core/plan' must not use 'pthread'"]),
    "headers only": (BASE, PLAN,
                     "target_link_libraries(birch_core_instrument INTERFACE birch_core_plan)\n",
                     ["'core/instrument' must not use 'birch_core_plan'"]),
    "no row": (BASE.replace("core/base", "core/unheard"), PLAN, "", ["'core/unheard' is not in"]),
    "no layer": (BASE + "add_library(helper STATIC base.cpp)\n", PLAN, "",
                 ["'helper'", "not made by birch_layer()"]),
}


class LayersTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="birch-layers-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.write("core/base/base.h", "#pragma once\nint base();\n")
        self.write("core/base/base.cpp", '#include "core/base/base.h"\nint base() { return 1; }\n')
        self.write("core/base/alone.h", "#pragma once\n#include <vector>\nstd::vector<int> alone();\n")
        self.write("core/instrument/only.h", "#pragma once\nstruct Only {};\n")
        self.write("core/plan/plan.cpp", '#include "core/base/base.h"\nint plan() { return base(); }\n')
        self.write("core/instrument/CMakeLists.txt", INSTRUMENT)
        self.tree(BASE, PLAN, "")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def tree(self, base, plan, after):
        self.write("CMakeLists.txt",
                   TOP.format(modules=(SOURCE / "packaging/cmake").as_posix(), after=after))
        self.write("core/base/CMakeLists.txt", base)
        self.write("core/plan/CMakeLists.txt", plan)

    def run_cmake(self, *arguments):
        done = subprocess.run([CMAKE, *arguments], cwd=self.root, capture_output=True, text=True,
                              timeout=100, check=False)
        return done.returncode, " ".join((done.stdout + done.stderr).split())

    def configure(self):
        return self.run_cmake("-S", ".", "-B", "build", "-G", "Ninja", f"-DCMAKE_CXX_COMPILER={CXX}")

    def test_a_good_tree_configures_and_builds(self):
        code, output = self.configure()
        self.assertEqual(code, 0, output)
        code, output = self.run_cmake("--build", "build")
        self.assertEqual(code, 0, output)

    def test_forbidden_links_stop_the_configure_step(self):
        for name, (base, plan, after, words) in FORBIDDEN.items():
            with self.subTest(name):
                self.tree(base, plan, after)
                code, output = self.configure()
                self.assertNotEqual(code, 0, output)
                for word in words:
                    self.assertIn(word, output)
        self.tree(BASE, PLAN, "")
        self.assertEqual(self.configure()[0], 0)

    def test_a_cycle_in_the_table_stops_the_configure_step(self):
        self.tree(BASE, PLAN, 'list(PREPEND BIRCH_LAYER_TABLE "core/new|core/base|Qt6::Core")\n')
        code, output = self.configure()
        self.assertNotEqual(code, 0)
        self.assertIn("'core/new' uses 'core/base', which has no row above it", output)

    def test_a_header_that_needs_another_stops_the_build(self):
        for path, text in {
            "core/base/alone.h": "#pragma once\nstd::vector<int> alone();\n",  # beside sources
            "core/instrument/only.h": "#pragma once\nstd::vector<int> only();\n",  # headers only
            "core/base/fresh.h": "#pragma once\nstd::vector<int> fresh();\n",  # new since configuring
            "core/plan/twice.h": "struct Twice {};\n",  # not guarded
        }.items():
            with self.subTest(path):
                self.assertEqual(self.configure()[0], 0)
                file = self.root / path
                before = file.read_text(encoding="utf-8") if file.exists() else None
                self.write(path, text)
                code, output = self.run_cmake("--build", "build")
                self.assertNotEqual(code, 0, output)
                self.assertIn(path, output)
                if before is None:
                    file.unlink()
                else:
                    self.write(path, before)


if __name__ == "__main__":
    unittest.main()
