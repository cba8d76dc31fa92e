# SPDX-License-Identifier: LGPL-2.1-or-later
"""Each fault of the simulated phone does what its documentation says. Argument: the simphone program."""
import os
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from simphone_client import Afc, Simphone, read_exact, read_until_the_end  # noqa: E402

BINARY = sys.argv.pop(1)
PICTURE = bytes(range(256)) * 1024  # 256 KiB


class Faults(unittest.TestCase):
    """One plain phone for all; each test clears its faults. TLS has a class of its own."""
    options = ("--service-tls", "off")

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.phone = Simphone(BINARY, cls.folder.name, *cls.options)

    @classmethod
    def tearDownClass(cls):
        cls.phone.__exit__()
        cls.folder.cleanup()

    def setUp(self):
        for command in ("clear-faults", "replug", "unlock", "not-full"):
            self.assertTrue(self.phone.control(command)["ok"])
        self.path = self.phone.put("IMG_0001.HEIC", PICTURE)
        self.afc = self.phone.afc()

    def tearDown(self):
        self.afc.stream.close()

    def fault(self, spec):
        self.assertEqual(self.phone.control("fault " + spec), {"ok": True})

    def read_all(self, path=None, chunk=65536):
        handle = self.afc.open(path or self.path)
        data = b""
        while more := self.afc.read(handle, chunk):
            data += more
        self.assertEqual(self.afc.close(handle), 0)
        return data

    def test_reads_the_truth_without_a_fault(self):
        self.assertEqual(self.read_all(), PICTURE)

    def test_cuts_at_every_byte_asked_for(self):
        for how in ("fin", "rst"):
            for at in (0, 1, 39, 40, 41, 4096, 16384 + 40, 65535, 65536 + 39):
                with self.subTest(how=how, at=at):
                    self.phone.control("clear-faults")
                    afc = self.phone.afc()
                    handle = afc.open(self.path)
                    self.fault(f"cut:op=FileRead,path=*.HEIC,nth=2,at={at},how={how}")
                    self.assertEqual(afc.read(handle, 65536), PICTURE[:65536])
                    afc.send("FileRead", struct.pack("<QQ", handle, 65536))
                    data, ending = read_until_the_end(afc.stream)
                    self.assertEqual((len(data), ending), (at, how))
                    self.assertEqual(data[40:], PICTURE[65536:65536 + max(0, at - 40)])

    def test_cuts_with_requests_still_in_flight(self):
        for how in ("fin", "rst"):
            with self.subTest(how=how):
                afc = self.phone.afc()
                handle = afc.open(self.path)
                self.fault(f"cut:op=FileRead,nth=2,at=100,how={how}")
                afc.send("FileRead", struct.pack("<QQ", handle, 4096), times=4)
                data, ending = read_until_the_end(afc.stream)
                self.assertEqual((len(data), ending), (40 + 4096 + 100, how))

    def test_cuts_after_a_number_of_bytes_in_all(self):
        sent = self.phone.control("stats")["phones"][0]["bytes_sent"]
        self.fault(f"cut:after-bytes={sent + 48 + 1000}")
        handle = self.afc.open(self.path)
        self.afc.send("FileRead", struct.pack("<QQ", handle, 65536))
        self.assertEqual(len(read_until_the_end(self.afc.stream)[0]), 1000)

    def test_cuts_at_a_byte_of_the_wire(self):
        self.fault("cut:wire-at=1000")
        afc = self.phone.afc()
        handle = afc.open(self.path)
        afc.send("FileRead", struct.pack("<QQ", handle, 65536))
        data, ending = read_until_the_end(afc.stream)
        self.assertEqual((len(data), ending), (1000 - 48, "fin"))

    def test_cuts_inside_a_reply_of_lockdown(self):
        self.fault("cut:service=lockdown,op=QueryType,at=10")
        lockdown = self.phone.lockdown()
        with self.assertRaises(EOFError):
            lockdown.request("QueryType")

    def test_stalls_until_released(self):
        for at in (0, 1000):
            with self.subTest(at=at):
                self.fault(f"stall:op=FileRead,at={at}")
                handle = self.afc.open(self.path)
                self.afc.send("FileRead", struct.pack("<QQ", handle, 4096))
                before = read_exact(self.afc.stream, at)
                self.afc.stream.settimeout(0.2)
                with self.assertRaises(TimeoutError):
                    self.afc.stream.recv(1)
                self.afc.stream.settimeout(20)
                self.phone.control("release")
                whole = before + read_exact(self.afc.stream, 40 + 4096 - at)
                self.assertEqual(whole[40:], PICTURE[:4096])

    def test_stalls_for_a_time(self):
        self.fault("stall:op=GetFileInfo,for=0.3s")
        self.afc.send("GetFileInfo", self.path.encode() + b"\0")
        self.afc.stream.settimeout(0.1)
        with self.assertRaises(TimeoutError):
            self.afc.stream.recv(1)
        self.afc.stream.settimeout(20)
        self.assertIn(b"st_size", self.afc.receive())

    def test_reads_short(self):
        self.fault("short:op=FileRead,nth=2,bytes=10")
        handle = self.afc.open(self.path)
        self.assertEqual(len(self.afc.read(handle, 4096)), 4096)
        self.assertEqual(self.afc.read(handle, 4096), PICTURE[4096:4106])
        self.assertEqual(self.afc.read(handle, 4096), PICTURE[4106:4106 + 4096])

    def test_answers_another_number(self):
        self.fault("packet-number:op=GetFileInfo,value=+3")
        self.afc.info(self.path)
        self.assertEqual(self.afc.last_packet, self.afc.packet + 3)

    def test_spoils_the_header(self):
        for field, value, expected in (("entire", "0", 0), ("entire", "18446744073709551615", 2**64 - 1),
                                       ("entire", "4294967295", 2**32 - 1), ("this", "+1000", 1040)):
            with self.subTest(field=field, value=value):
                self.fault(f"bad-header:op=GetFileInfo,field={field},value={value}")
                afc = self.phone.afc()
                afc.send("GetFileInfo", self.path.encode() + b"\0")
                entire, this = struct.unpack("<QQ", read_exact(afc.stream, 40)[8:24])
                self.assertEqual(entire if field == "entire" else this, expected)
        self.fault("bad-header:field=magic")
        self.afc.send("GetFileInfo", self.path.encode() + b"\0")
        self.assertNotEqual(self.afc.receive_raw()[0], b"CFA6LPAA")

    def test_spoils_lists(self):
        def words():
            return self.afc.call("GetFileInfo", self.path.encode() + b"\0")
        checks = {"odd": lambda w: w.count(b"\0") % 2 == 1, "no-size": lambda w: b"st_size" not in w,
                  "junk-size": lambda w: b"st_size\x0012x4\0" in w, "no-nul": lambda w: not w.endswith(b"\0"),
                  "negative-size": lambda w: b"st_size\0-1\0" in w, "no-kind": lambda w: b"st_ifmt" not in w,
                  "huge-size": lambda w: b"st_size\x0018446744073709551616\0" in w, "empty": lambda w: w == b""}
        for what, is_so in checks.items():
            with self.subTest(what=what):
                self.assertFalse(is_so(words()))
                self.fault(f"bad-list:op=GetFileInfo,what={what}")
                self.assertTrue(is_so(words()))

    def test_lists_what_is_not_so(self):
        self.phone.put("IMG_0002.HEIC", b"")
        folder = "/DCIM/100APPLE"
        truth = self.afc.names(folder)
        self.fault(f"listing:path={folder},count=1")
        self.assertEqual(self.afc.names(folder), truth[:-1])
        self.assertEqual(self.afc.names(folder), truth)
        self.fault("listing:what=add,name=GHOST.JPG")
        self.assertEqual(self.afc.names(folder), truth + [b"GHOST.JPG"])
        self.fault("listing:what=reverse")
        self.assertEqual(sorted(self.afc.names(folder)), sorted(truth))
        self.fault("listing:what=twice")
        self.assertEqual(self.afc.names(folder), truth + truth[-1:])

    def test_answers_an_error(self):
        for code in (4, 8, 10, 20):
            self.fault(f"status:op=FileOpen,path=*.HEIC,code={code}")
            self.afc.send("FileOpen", struct.pack("<Q", 1) + self.path.encode() + b"\0")
            _, _, this, _, op, body = self.afc.receive_raw()
            self.assertEqual((this, op, struct.unpack("<Q", body)[0]), (48, 1, code))
        handle = self.afc.open(self.path)
        self.fault("status:op=FileClose,code=20")
        self.assertEqual(self.afc.close(handle), 20)

    def test_flips_a_bit_once(self):
        self.fault("flip:offset=70000,xor=0x80")
        first, second = self.read_all(), self.read_all()
        self.assertEqual([i for i in range(len(PICTURE)) if first[i] != PICTURE[i]], [70000])
        self.assertEqual(second, PICTURE)

    def test_changes_the_file_between_two_requests(self):
        def facts():
            info = self.afc.info(self.path)
            return info if isinstance(info, int) else (int(info["st_size"]), int(info["st_mtime"]))
        size, modified = facts()
        expectations = {"change": size, "grow:bytes=10": size + 10, "shrink:bytes=10": size, "replace": size}
        for kind, expected in expectations.items():
            with self.subTest(kind=kind):
                handle = self.afc.open(self.path)
                spec = kind if ":" in kind else kind + ":"
                self.fault(spec + ",op=FileRead,when=after")
                old = self.afc.read(handle, 64)
                self.afc.close(handle)
                after = facts()
                self.assertEqual(after[0], expected)
                self.assertGreater(after[1], modified)
                if kind in ("change", "replace"):
                    self.assertNotEqual(self.read_all()[:64], old)
                size, modified = after
        self.fault("change:op=GetFileInfo,keep-time=yes,at=5")
        self.assertEqual(facts(), (size, modified))
        self.fault("remove:op=GetFileInfo")
        self.assertEqual(facts(), 8)

    def test_unplugs_and_replugs_with_a_new_id(self):
        before = self.phone.mux().devices()[0]["DeviceID"]
        events = self.phone.mux()
        events.request("Listen")
        self.assertEqual(events.receive()["MessageType"], "Attached")
        self.fault("unplug:op=GetFileInfo,at=50,for=0.2s")
        self.afc.send("GetFileInfo", self.path.encode() + b"\0")
        self.assertEqual(len(read_until_the_end(self.afc.stream)[0]), 50)
        self.assertEqual(events.receive(), {"MessageType": "Detached", "DeviceID": before})
        attached = events.receive()
        self.assertEqual(attached["MessageType"], "Attached")
        self.assertGreater(attached["DeviceID"], before)
        self.assertEqual(self.phone.mux().connect(62078, before)[0], 2)
        self.afc = self.phone.afc()
        self.assertEqual(self.read_all(), PICTURE)

    def test_unplugs_by_the_clock(self):
        events = self.phone.mux()
        events.request("Listen")
        events.receive()
        self.fault("unplug:after=0.05s,for=0.05s")
        self.assertEqual(events.receive()["MessageType"], "Detached")
        self.assertEqual(events.receive()["MessageType"], "Attached")

    def test_locks(self):
        self.fault("lock:op=GetFileInfo")
        self.assertIsInstance(self.afc.info(self.path), dict)
        lockdown = self.phone.lockdown()
        self.assertNotIn("Error", lockdown.start_session())
        self.assertEqual(lockdown.request("StartService", Service="com.apple.afc")["Error"], "PasswordProtected")
        self.phone.control("unlock")
        self.assertIn("Port", lockdown.request("StartService", Service="com.apple.afc"))

    def test_runs_out_of_space(self):
        handle = self.afc.open("/DCIM/new", 3)
        self.fault("no-space:op=FileWrite,nth=2")
        self.assertEqual(self.afc.call("FileWrite", struct.pack("<Q", handle), b"fits"), 0)
        self.assertEqual(self.afc.call("FileWrite", struct.pack("<Q", handle), b"doesn't"), 18)
        self.assertEqual(self.afc.open("/DCIM/another", 3), 18)
        self.assertIn(b"FSFreeBytes\x000\0", self.afc.call("GetDeviceInfo"))
        self.assertEqual(self.read_all("/DCIM/new"), b"fits")

    def test_lies(self):
        self.fault("lie:op=GetFileInfo,size=+7,times=always")
        for _ in range(3):
            self.assertEqual(int(self.afc.info(self.path)["st_size"]), len(PICTURE) + 7)
        self.phone.control("clear-faults")
        self.fault("lie:op=RemovePath")
        self.assertEqual(self.afc.call("RemovePath", self.path.encode() + b"\0"), 0)
        self.assertEqual(self.read_all(), PICTURE)
        handle = self.afc.open(self.path, 2)
        self.fault("lie:op=FileWrite")
        self.assertEqual(self.afc.call("FileWrite", struct.pack("<Q", handle), b"nothing"), 0)
        self.assertEqual(self.afc.call("FileTell", struct.pack("<Q", handle)), 7)
        self.assertEqual(self.read_all(), PICTURE)

    def test_refuses_services_and_sessions(self):
        self.fault("refuse:service=com.apple.afc,error=ServiceLimit")
        lockdown = self.phone.lockdown()
        lockdown.start_session()
        self.assertEqual(lockdown.request("StartService", Service="com.apple.afc")["Error"], "ServiceLimit")
        self.assertIn("Port", lockdown.request("StartService", Service="com.apple.afc"))
        for name in ("InvalidHostID", "EscrowLocked", "MCProtected", "SessionInactive"):
            self.fault(f"lockdown-error:op=StartSession,error={name}")
            self.assertEqual(self.phone.lockdown().start_session()["Error"], name)

    def test_refuses_connections(self):
        self.fault("mux-error")
        self.assertEqual(self.phone.mux().connect(62078)[0], 3)
        self.fault("mux-error:op=ListDevices,code=1")
        self.assertEqual(self.phone.mux().request("ListDevices")["Number"], 1)

    def test_counts_what_it_meets(self):
        self.fault("status:op=GetFileInfo,code=8,nth=2,every=3,times=2")
        answers = [isinstance(self.afc.info(self.path), int) for _ in range(10)]
        self.assertEqual([i + 1 for i, failed in enumerate(answers) if failed], [2, 5])
        counted = self.phone.control("stats")["phones"][0]["faults"][0]
        self.assertEqual((counted["seen"], counted["fired"]), (5, 2))

    def test_meets_one_connection_only(self):
        self.assertIsInstance(self.afc.info(self.path), dict)  # by now its connection is in the log
        opened = sum(1 for line in self.phone.log() if line["type"] == "connected" and line["service"] != "lockdown")
        self.fault(f"status:code=20,times=always,conn={opened + 1}")
        other = self.phone.afc()
        self.assertEqual(other.info(self.path), 20)
        self.assertIsInstance(self.afc.info(self.path), dict)

    def test_says_what_is_wrong_with_a_fault(self):
        for spec in ("bite", "cut:how=softly", "cut:colour=red", "status", "bad-header:field=nose,value=1", "stall:for=x",
                     "lie:size=big", "cut:nth=0", "lockdown-error:op=Pair", "bad-list:what=x", "flip:at"):
            with self.subTest(spec=spec):
                self.assertFalse(self.phone.control("fault " + spec)["ok"])


class FaultsUnderTls(unittest.TestCase):
    def test_cuts_at_every_byte_asked_for(self):
        with tempfile.TemporaryDirectory() as folder, Simphone(BINARY, folder) as phone:
            path = phone.put("IMG_0001.HEIC", PICTURE)
            for how in ("fin", "rst"):
                for at in (0, 1, 40, 4096, 20000, 65536 + 39):
                    with self.subTest(how=how, at=at):
                        afc = phone.afc()
                        handle = afc.open(path)
                        phone.control(f"fault cut:op=FileRead,at={at},how={how}")
                        afc.send("FileRead", struct.pack("<QQ", handle, 65536))
                        data, _ = read_until_the_end(afc.stream)  # Python's TLS tells no reset from an end
                        self.assertEqual(len(data), at)

    def test_cuts_at_a_byte_of_the_wire(self):
        with tempfile.TemporaryDirectory() as folder, Simphone(BINARY, folder) as phone:
            path = phone.put("IMG_0001.HEIC", PICTURE)
            phone.control("fault cut:wire-at=40000")
            afc = phone.afc()
            handle = afc.open(path)
            afc.send("FileRead", struct.pack("<QQ", handle, 65536))
            data, _ = read_until_the_end(afc.stream)
            self.assertEqual(len(data) % 16384, 0)  # whole records: what is after them was cut inside one
            self.assertEqual(data[40:], PICTURE[:len(data) - 40])
            phone.control("fault cut:wire-at=300")  # inside the handshake
            with self.assertRaises(OSError):
                phone.afc()


if __name__ == "__main__":
    unittest.main(verbosity=1)
