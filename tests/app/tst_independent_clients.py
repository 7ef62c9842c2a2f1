"""Programs that share nothing with ours talk to our simulator, and ours to a simulator that it finds
by the portmapper: lxi-tools (VXI-11 and raw), pyvisa-py (VXI-11, socket, serial).

They ask port 111, so everything runs in a network of its own, where only the loopback is.
"""
import fcntl
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import unittest

BIRCHCTL = os.environ["BIRCH_BIRCHCTL"]
IDENTITY = "BIRCH,DEMO-SMU,"
INSIDE = "BIRCH_INSIDE_NETWORK"

BENCH = """
name: Independent
station: TEST
simulate: true
instruments:
  smu: {definition: demo-smu, address: "TCPIP::127.0.0.1::inst0::INSTR"}
  raw: {definition: demo-smu, address: "TCPIP::127.0.0.1::5025::SOCKET"}
  heater: {definition: demo-heater, address: "ASRL1::INSTR"}
"""


SKIPPED = 77


def enter_network():
    """Starts this program again where port 111 is ours. A kernel that forbids it: skipped, but for
    continuous integration, where it must not be."""
    allowed = subprocess.run(["unshare", "-rn", "true"], capture_output=True, text=True)
    if allowed.returncode != 0:
        print(f"A network of its own is not to be had: {allowed.stderr.strip()}. Allow "
              "unprivileged user namespaces.", file=sys.stderr)
        sys.exit(1 if os.environ.get("CI") else SKIPPED)
    os.environ[INSIDE] = "1"
    os.execvp("unshare", ["unshare", "-rn", sys.executable, *sys.argv])


def bring_up_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # up, running
        fcntl.ioctl(control, 0x8914, request)  # SIOCSIFFLAGS


class IndependentClients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for program in ("lxi", BIRCHCTL):
            assert shutil.which(program), f"{program} is missing: ./dev setup installs it"
        cls.folder = tempfile.TemporaryDirectory()
        cls.bench = os.path.join(cls.folder.name, "independent.bench.yaml")
        with open(cls.bench, "w", encoding="utf-8") as file:
            file.write(BENCH)
        cls.home = dict(os.environ, HOME=cls.folder.name, XDG_CONFIG_HOME=cls.folder.name,
                        XDG_DATA_HOME=cls.folder.name, XDG_CACHE_HOME=cls.folder.name)
        cls.simulator = subprocess.Popen(
            [BIRCHCTL, "instruments", "simulate", cls.bench, "--portmapper", "111"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=cls.home)
        line = json.loads(cls.simulator.stdout.readline())
        cls.addresses = {one["nickname"]: one["address"] for one in line["instruments"]}
        import pyvisa
        cls.manager = pyvisa.ResourceManager("@py")

    @classmethod
    def tearDownClass(cls):
        cls.manager.close()
        cls.simulator.stdin.close()
        cls.simulator.wait(timeout=10)
        cls.simulator.stdout.close()
        cls.folder.cleanup()

    def lxi(self, *arguments):
        done = subprocess.run(["lxi", *arguments], capture_output=True, text=True, timeout=30,
                              env=self.home)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def open(self, address, **settings):
        instrument = self.manager.open_resource(address, **settings)
        self.addCleanup(instrument.close)
        instrument.timeout = 2000
        return instrument

    def test_lxi_vxi11(self):
        for _ in range(5):
            answer = self.lxi("scpi", "-a", "127.0.0.1", "*IDN?")
            self.assertTrue(answer.startswith(IDENTITY), answer)

    def test_lxi_raw(self):
        port = self.addresses["raw"].split("::")[2]
        answer = self.lxi("scpi", "-r", "-a", "127.0.0.1", "-p", port, "*IDN?")
        self.assertTrue(answer.startswith(IDENTITY), answer)

    def test_lxi_benchmark(self):
        answer = self.lxi("benchmark", "-a", "127.0.0.1", "-c", "200")
        self.assertIn("requests/second", answer)

    def check_settings(self, instrument):
        for i in range(100):
            instrument.write(f"SOUR:VOLT {i / 100}")
            self.assertAlmostEqual(float(instrument.query("SOUR:VOLT?")), i / 100, places=12)

    def test_pyvisa_vxi11(self):
        instrument = self.open("TCPIP::127.0.0.1::inst0::INSTR")
        self.assertTrue(instrument.query("*IDN?").startswith(IDENTITY))
        self.check_settings(instrument)

    def test_pyvisa_vxi11_without_terminator(self):
        instrument = self.open("TCPIP::127.0.0.1::INSTR", write_termination="")
        self.assertTrue(instrument.query("*IDN?").startswith(IDENTITY))

    def test_pyvisa_vxi11_status_clear_timeout(self):
        import pyvisa
        instrument = self.open("TCPIP::127.0.0.1::inst0::INSTR")
        instrument.write("*IDN?")
        self.assertTrue(instrument.read_stb() & 0x10)
        instrument.clear()
        self.assertFalse(instrument.read_stb() & 0x10)
        instrument.timeout = 200
        with self.assertRaises(pyvisa.errors.VisaIOError) as refused:
            instrument.read()
        self.assertEqual(refused.exception.error_code,
                         pyvisa.constants.StatusCode.error_timeout)
        instrument.timeout = 2000
        self.assertTrue(instrument.query("*IDN?").startswith(IDENTITY))

    def test_pyvisa_vxi11_lock(self):
        import pyvisa
        first = self.open("TCPIP::127.0.0.1::inst0::INSTR")
        second = self.open("TCPIP::127.0.0.1::inst0::INSTR")
        first.lock_excl(1000)
        self.assertTrue(first.query("*IDN?").startswith(IDENTITY))
        with self.assertRaises(pyvisa.errors.VisaIOError):
            second.query("*IDN?")
        first.unlock()
        self.assertTrue(second.query("*IDN?").startswith(IDENTITY))

    def test_pyvisa_socket(self):
        instrument = self.open(self.addresses["raw"], read_termination="\n",
                               write_termination="\n")
        self.check_settings(instrument)

    def test_pyvisa_serial(self):
        instrument = self.open(self.addresses["heater"], read_termination="\r\n",
                               write_termination="\r\n")
        self.assertIn("BIRCH,", instrument.query("*IDN?"))

    def test_ours_by_the_portmapper(self):
        real = self.bench.replace("independent", "real")
        with open(real, "w", encoding="utf-8") as file:
            file.write(BENCH.split("  raw:")[0].replace("simulate: true\n", ""))
        done = subprocess.run(
            [BIRCHCTL, "instruments", "query", "smu", "*IDN?", "--bench", real],
            capture_output=True, text=True, timeout=30, env=self.home)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(IDENTITY), done.stdout)


if __name__ == "__main__":
    if INSIDE not in os.environ:
        enter_network()
    bring_up_loopback()
    unittest.main()
