# SPDX-License-Identifier: LGPL-2.1-or-later
"""The simulated phone speaks usbmux, lockdown and AFC as its documentation says. Argument: the simphone program."""
import hashlib
import os
import plistlib
import socket
import struct
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from simphone_client import Afc, Lockdown, Mux, Simphone, read_exact, read_until_the_end  # noqa: E402

BINARY = sys.argv.pop(1)


class WithPhone(unittest.TestCase):
    def phone(self, *options, **words):
        folder = tempfile.TemporaryDirectory()
        phone = Simphone(BINARY, folder.name, *options, **words)
        self.addCleanup(folder.cleanup)
        self.addCleanup(phone.__exit__)
        return phone


class UsbMux(WithPhone):
    def test_lists_several_phones_by_cable_and_network(self):
        root = tempfile.TemporaryDirectory()
        self.addCleanup(root.cleanup)
        phone = self.phone("--phone", f"udid={'a' * 40},name=Jos\u00e9\\, 2nd,root={root.name},conn=both",
                           "--phone", f"udid=00008130-{'0' * 16},root={root.name},conn=network,attached=no")
        devices = phone.mux().devices()
        self.assertEqual([d["Properties"]["ConnectionType"] for d in devices], ["USB", "Network"])
        self.assertEqual(devices[1]["Properties"]["NetworkAddress"][1], 2)
        self.assertEqual(len({d["DeviceID"] for d in devices}), 2)
        self.assertEqual(Lockdown(phone).request("GetValue", Key="DeviceName")["Value"], "Jos\u00e9, 2nd")
        phone.control("attach 00008130-" + "0" * 16)
        self.assertEqual(len(phone.mux().devices()), 3)

    def test_refuses_the_binary_protocol_and_junk(self):
        phone = self.phone()
        mux = phone.mux()
        mux.socket.sendall(struct.pack("<IIII", 16, 0, 3, 5))
        self.assertEqual(struct.unpack("<IIIII", read_exact(mux.socket, 20)), (20, 0, 1, 5, 6))
        self.assertEqual(phone.mux().request("Dance")["Number"], 1)
        self.assertEqual(phone.mux().connect(62078, 99)[0], 2)
        self.assertEqual(phone.mux().connect(1)[0], 3)
        for junk in (b"\xff" * 4096, struct.pack("<IIII", 3, 1, 8, 1), struct.pack("<IIII", 2**32 - 1, 1, 8, 1)):
            mux = phone.mux()
            mux.socket.sendall(junk)
            mux.socket.shutdown(socket.SHUT_WR)
            read_until_the_end(mux.socket)
        self.assertEqual(len(phone.mux().devices()), 1)

    def test_keeps_pair_records(self):
        mux = self.phone(trust="auto").mux()
        self.assertEqual(mux.request("ReadPairRecord", PairRecordID="abc")["Number"], 2)
        self.assertEqual(mux.request("SavePairRecord", PairRecordID="abc", PairRecordData=b"\1\2")["Number"], 0)
        self.assertEqual(mux.request("ReadPairRecord", PairRecordID="abc")["PairRecordData"], b"\1\2")
        self.assertEqual(mux.request("DeletePairRecord", PairRecordID="abc")["Number"], 0)
        self.assertEqual(mux.request("ReadPairRecord", PairRecordID="abc")["Number"], 2)
        self.assertEqual(mux.request("SavePairRecord", PairRecordID="../x", PairRecordData=b"")["Number"], 1)
        self.assertEqual(len(mux.request("ReadBUID")["BUID"]), 36)

    def test_listens_on_tcp(self):
        phone = self.phone()
        import json
        import subprocess
        other = subprocess.Popen([BINARY, "serve", "--root", phone.root, "--socket", "127.0.0.1:0"],
                                 stdout=subprocess.PIPE, text=True)
        host, port = json.loads(other.stdout.readline())["socket"].split(":")
        mux = Mux.__new__(Mux)
        mux.socket = socket.create_connection((host, int(port)))
        self.assertEqual(len(mux.devices()), 1)
        other.terminate()
        self.assertEqual(other.wait(20), 0)
        other.stdout.close()


class LockdownConversation(WithPhone):
    def test_tells_strangers_little_and_friends_more(self):
        lockdown = self.phone("--name", "Zo\u00eb \U0001f4f1", "--model", "iPhone17,1", "--ios", "26.1").lockdown()
        self.assertEqual(lockdown.request("QueryType")["Type"], "com.apple.mobile.lockdown")
        self.assertEqual(lockdown.request("GetValue", Key="ProductVersion", binary=True)["Value"], "26.1")
        self.assertIn("Error", lockdown.request("GetValue", Key="SerialNumber"))
        self.assertIn("Error", lockdown.request("StartService", Service="com.apple.afc"))
        self.assertIn("Error", lockdown.request("SetValue", Key="DeviceName", Value="x"))
        self.assertTrue(lockdown.start_session()["EnableSessionSSL"])
        self.assertEqual(lockdown.request("GetValue", Key="DeviceName")["Value"], "Zo\u00eb \U0001f4f1")
        self.assertIn("SerialNumber", lockdown.request("GetValue")["Value"])
        disk = lockdown.request("GetValue", Domain="com.apple.disk_usage")["Value"]
        self.assertGreater(disk["TotalDataCapacity"], disk["TotalDataAvailable"])
        lockdown.request("SetValue", Key="DeviceName", Value="Renamed")
        self.assertEqual(lockdown.request("GetValue", Key="DeviceName")["Value"], "Renamed")
        self.assertEqual(lockdown.request("SetValue", Key="UniqueDeviceID", Value="x")["Error"], "ImmutableValue")
        self.assertEqual(lockdown.request("StartService", Service="com.apple.nonsense")["Error"], "InvalidService")

    def test_asks_before_it_trusts(self):
        phone = self.phone(trust="trusted")
        record = phone.lockdown().record()
        phone.control("forget")
        self.assertEqual(phone.lockdown().start_session()["Error"], "InvalidHostID")
        pair = {k: record[k] for k in ("HostID", "SystemBUID", "HostCertificate", "RootCertificate",
                                       "DeviceCertificate")}
        lockdown = phone.lockdown()
        for state, error in (("ask", "PairingDialogResponsePending"), ("deny", "UserDeniedPairing")):
            phone.control(state)
            self.assertEqual(lockdown.request("Pair", PairRecord=pair)["Error"], error)
        phone.control("lock")
        self.assertEqual(lockdown.request("Pair", PairRecord=pair)["Error"], "PasswordProtected")
        phone.control("unlock")
        phone.control("trust")
        broken = dict(pair, DeviceCertificate=b"none")
        self.assertEqual(lockdown.request("Pair", PairRecord=broken)["Error"], "InvalidPairRecord")
        self.assertIn("EscrowBag", lockdown.request("Pair", PairRecord=pair, ProtocolVersion="2"))
        self.assertNotIn("Error", lockdown.request("ValidatePair", PairRecord=pair))
        self.assertNotIn("Error", phone.lockdown().start_session())
        lockdown.request("Unpair", PairRecord=pair)
        self.assertEqual(lockdown.request("ValidatePair", PairRecord=pair)["Error"], "InvalidHostID")

    def test_admits_nobody_with_another_certificate(self):
        phone = self.phone()
        with tempfile.TemporaryDirectory() as folder, Simphone(BINARY, folder) as stranger:
            record = stranger.lockdown().record()
        lockdown = phone.lockdown()
        own = lockdown.record()
        lockdown.request("StartSession", HostID=own["HostID"], SystemBUID=own["SystemBUID"])
        lockdown.record = lambda: record
        with self.assertRaises((OSError, EOFError)):
            lockdown.stream = lockdown.tls(lockdown.stream)
            lockdown.request("QueryType")

    def test_remembers_pairings_in_a_state_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            state = os.path.join(folder, "state")
            with Simphone(BINARY, folder, "--state", state) as phone:
                record = phone.lockdown().record()
            with Simphone(BINARY, folder, "--state", state, trust="ask") as phone:
                self.assertEqual(phone.lockdown().record(), record)
                self.assertNotIn("Error", phone.lockdown().start_session())


class AfcConversation(WithPhone):
    def test_answers_every_operation(self):
        phone = self.phone("--file-hash", "on")
        afc = phone.afc()

        def path(text):
            return text.encode() + b"\0"

        def number(*values):
            return struct.pack(f"<{len(values)}Q", *values)
        self.assertEqual(afc.call("MakeDir", path("/DCIM/a/b")), 0)
        self.assertEqual(afc.call("MakeDir", path("/DCIM/a")), 16)
        handle = afc.open("/DCIM/a/f", 4)
        self.assertEqual(afc.call("FileWrite", number(handle), b"0123456789"), 0)
        self.assertEqual(afc.call("FileTell", number(handle)), 10)
        self.assertEqual(afc.call("FileSeek", struct.pack("<QQq", handle, 2, -4)), 0)
        self.assertEqual(afc.read(handle, 100), b"6789")
        self.assertEqual(afc.read(handle, 100), b"")
        self.assertEqual(afc.call("FileSeek", struct.pack("<QQq", handle, 0, -4)), 7)
        self.assertEqual(afc.call("ReadWithOffset", number(handle, 2, 3)), b"234")
        self.assertEqual(afc.call("WriteWithOffset", number(handle, 1), b"X"), 0)
        self.assertEqual(afc.call("FileSetSize", number(handle, 5)), 0)
        self.assertEqual(afc.call("FileLock", number(handle, 6)), 0)
        other = phone.afc()
        second = other.open("/DCIM/a/f")
        self.assertEqual(other.call("FileLock", number(second, 6)), 19)
        self.assertEqual(other.read(second, 9), b"0X234")
        self.assertEqual(other.call("FileWrite", number(second), b"x"), 10)
        self.assertEqual(afc.close(handle), 0)
        self.assertEqual(afc.close(handle), 7)
        self.assertEqual(afc.call("TruncateFile", number(3) + path("/DCIM/a/f")), 0)
        self.assertEqual(afc.call("GetFileHash", path("/DCIM/a/f")), hashlib.sha1(b"0X2").digest())
        self.assertEqual(afc.call("GetFileHashWithRange", number(1, 2) + path("/DCIM/a/f")), hashlib.sha1(b"X2").digest())
        self.assertEqual(afc.call("SetModTime", number(1_500_000_000_123_456_789) + path("/DCIM/a/f")), 0)
        info = afc.info("/DCIM/a/f")
        self.assertEqual((info["st_size"], info["st_ifmt"], info["st_mtime"], info["st_birthtime"], info["st_nlink"]),
                         ("3", "S_IFREG", "1500000000123456789", "0", "1"))
        self.assertEqual(afc.call("MakeLink", number(2) + path("f") + path("/DCIM/a/soft")), 0)
        self.assertEqual(afc.call("MakeLink", number(1) + path("/DCIM/a/f") + path("/DCIM/a/hard")), 0)
        self.assertEqual(afc.info("/DCIM/a/soft")["LinkTarget"], "f")
        self.assertEqual(afc.info("/DCIM/a/hard")["st_nlink"], "2")
        self.assertEqual(afc.call("RenamePath", path("/DCIM/a/hard") + path("/DCIM/a/b/moved")), 0)
        self.assertEqual(afc.names("/DCIM/a"), [b".", b"..", b"b", b"f", b"soft"])
        folder = afc.call("DirEnumOpen", path("/DCIM/a"))
        self.assertEqual(afc.call("DirEnumRead", number(folder)), b".\0..\0b\0f\0soft\0")
        self.assertEqual(afc.call("DirEnumRead", number(folder)), b"")
        self.assertEqual(afc.call("DirEnumClose", number(folder)), 0)
        self.assertEqual(afc.call("RemovePath", path("/DCIM/a/b")), 1)
        self.assertEqual(afc.call("RemovePath", path("/DCIM/a/f")), 0)
        self.assertEqual(afc.call("RemovePathAndContents", path("/DCIM/a")), 0)
        self.assertEqual(afc.info("/DCIM/a"), 8)
        self.assertEqual(afc.open("/DCIM"), 9)
        self.assertEqual(afc.open("/none"), 8)
        self.assertEqual(afc.open("/DCIM/x", 9), 7)
        self.assertIn(b"Model\0iPhone16,1\0", afc.call("GetDeviceInfo"))
        self.assertEqual(afc.call("SetFSBlockSize", number(4096)), 0)
        self.assertEqual(afc.call("SetSocketBlockSize", number(4096)), 0)
        self.assertEqual(afc.call("SetConnectionOptions"), 0)
        self.assertIsInstance(afc.call("GetConnectionInfo"), bytes)
        self.assertEqual(afc.call("SetImmutableHint", path("/DCIM")), 0)
        self.assertEqual(afc.call("GetSizeOfPathContents", path("/DCIM")), 8)
        self.assertEqual(afc.call("ReadFile", path("/DCIM")), 15)
        self.assertEqual(afc.call(0x99, b"x"), 6)
        self.assertEqual(afc.call("FileRead", b"short"), 7)

    def test_no_path_leads_out(self):
        phone = self.phone()
        with tempfile.NamedTemporaryFile(dir=phone.folder) as secret:
            secret.write(b"secret")
            secret.flush()
            name = os.path.basename(secret.name)
            os.symlink(secret.name, os.path.join(phone.root, "out"))
            os.symlink("..", os.path.join(phone.root, "up"))
            afc = phone.afc()
            for path in (f"/../{name}", f"../{name}", f"/DCIM/../../{name}", "/out", f"/up/{name}", secret.name,
                         f"/DCIM/100APPLE/../../../{name}"):
                self.assertIn(afc.open(path), (8, 10), path)
                self.assertEqual(afc.call("RemovePathAndContents", f"/up/{name}\0".encode()), 8)
            self.assertTrue(os.path.exists(secret.name))
            self.assertEqual(afc.call("RemovePath", b"/\0"), 10)
            self.assertEqual(afc.call("RemovePathAndContents", b"/..\0"), 10)

    def test_serves_names_that_no_folder_can_hold(self):
        names = (b"../", b"a/b", b"", b"line\nfeed", b"\x1b]0;title\x07", b"\xff\xfe.JPG", b"x" * 300, b"..")
        options = []
        for name in names:
            options += ["--inject-entry", f"folder=/DCIM/100APPLE,name_hex={name.hex()},target=/DCIM/100APPLE/IMG_0001.JPG"]
        phone = self.phone(*options)
        phone.put("IMG_0001.JPG", b"picture")
        afc = phone.afc()
        listed = afc.names("/DCIM/100APPLE")
        for name in names:
            self.assertIn(name, listed)
            self.assertEqual(afc.info(b"/DCIM/100APPLE/" + name)["st_size"], "7", name)
            self.assertEqual(afc.read(afc.open(b"/DCIM/100APPLE/" + name), 100), b"picture")

    def test_serves_names_that_are_only_odd(self):
        phone = self.phone()
        names = [b"E\xcc\x81.HEIC", b"\xc3\x89.HEIC", b"a.jpg", b"A.JPG", b"\xff.JPG", b"n\n.JPG", b"y" * 255, b"-rf"]
        for name in names:
            with open(os.path.join(phone.root.encode(), b"DCIM", name), "wb") as file:
                file.write(name)
        afc = phone.afc()
        self.assertEqual(sorted(afc.names("/DCIM")), sorted(names + [b".", b"..", b"100APPLE"]))
        for name in names:
            self.assertEqual(afc.read(afc.open(b"/DCIM/" + name), 1000), name)

    def test_serves_large_files_and_folders(self):
        phone = self.phone()
        with open(os.path.join(phone.root, "DCIM/BIG.MOV"), "wb") as big:
            big.truncate(5 << 30)
            big.seek((5 << 30) - 3)
            big.write(b"end")
        many = os.path.join(phone.root, "DCIM/101APPLE")
        os.mkdir(many)
        for i in range(20_000):
            os.close(os.open(f"{many}/IMG_{i:05}.HEIC", os.O_CREAT | os.O_WRONLY))
        afc = phone.afc()
        handle = afc.open("/DCIM/BIG.MOV")
        self.assertEqual(afc.info("/DCIM/BIG.MOV")["st_size"], str(5 << 30))
        self.assertEqual(afc.call("FileSeek", struct.pack("<QQq", handle, 0, (5 << 30) - 3)), 0)
        self.assertEqual(afc.read(handle, 100), b"end")
        self.assertEqual(len(afc.names("/DCIM/101APPLE")), 20_002)

    def test_answers_in_order_what_is_asked_at_once(self):
        phone = self.phone("--latency", "30ms")
        path = phone.put("IMG_0001.JPG", bytes(range(200)) * 50)
        afc = phone.afc()
        handle = afc.open(path)
        begin = time.monotonic()
        afc.send("FileRead", struct.pack("<QQ", handle, 100), times=100)
        data = b"".join(afc.receive() for _ in range(100))
        self.assertEqual(data, bytes(range(200)) * 50)
        self.assertGreater(time.monotonic() - begin, 0.029)
        self.assertLess(time.monotonic() - begin, 100 * 0.030 / 2)  # they overlap: one after the other takes 3 s

    def test_is_not_faster_than_its_cable(self):
        phone = self.phone("--rate", "20MB/s")
        path = phone.put("IMG_0001.JPG", bytes(4_000_000))
        first, second = phone.afc(), phone.afc()
        handles = first.open(path), second.open(path)
        begin = time.monotonic()
        first.send("FileRead", struct.pack("<QQ", handles[0], 4_000_000))
        second.send("FileRead", struct.pack("<QQ", handles[1], 4_000_000))
        first.receive(), second.receive()
        self.assertGreater(time.monotonic() - begin, (8_000_000 - 300_000) / 20e6)

    def test_has_only_so_many_handles(self):
        phone = self.phone("--max-handles", "3")
        path = phone.put("IMG_0001.JPG", b"x")
        afc = phone.afc()
        for handle in (1, 2, 3):
            afc.send("FileOpen", struct.pack("<Q", 1) + path.encode() + b"\0")
            self.assertEqual(afc.receive_raw()[4], 14)
        self.assertEqual(afc.open(path), 3)
        self.assertEqual(afc.close(1), 0)
        self.assertEqual(afc.open(path), 4)

    def test_survives_what_no_host_would_send(self):
        phone = self.phone("--service-tls", "off")
        header = b"CFA6LPAA" + struct.pack("<QQQQ", 2**64 - 1, 2**64 - 1, 1, 3)
        for junk in (b"junk" * 100, header, b"CFA6LPAA" + struct.pack("<QQQQ", 10, 10, 1, 3),
                     b"CFA6LPAA" + struct.pack("<QQQQ", 2**63, 48, 1, 16) + bytes(8) + b"data",
                     b"CFA6LPAA" + struct.pack("<QQQQ", 40, 41, 1, 3)):
            afc = phone.afc()
            afc.stream.sendall(junk)
            afc.stream.shutdown(socket.SHUT_WR)
            read_until_the_end(afc.stream)
        self.assertEqual(phone.afc().names("/"), [b".", b"..", b"DCIM"])

    def test_logs_every_request_before_its_reply(self):
        phone = self.phone()
        path = phone.put("IMG_0001.JPG", b"x" * 1000)
        afc = phone.afc()
        afc.read(afc.open(path), 600)
        reads = [line for line in phone.log() if line.get("op") == "FileRead"]
        self.assertEqual([(r["path"], r["offset"], r["length"], r["bytes"], r["status"]) for r in reads],
                         [(path, 0, 600, 600, 0)])


class OtherServices(WithPhone):
    def frame(self, stream, body=None):
        if body is not None:
            data = plistlib.dumps(body)
            stream.sendall(struct.pack(">I", len(data)) + data)
        (length,) = struct.unpack(">I", read_exact(stream, 4))
        return plistlib.loads(read_exact(stream, length))

    def service(self, phone, name):
        lockdown = phone.lockdown()
        lockdown.start_session()
        return lockdown.connect_service(name)

    def test_vends_documents_of_named_apps(self):
        with tempfile.TemporaryDirectory() as app:
            os.makedirs(app + "/Documents")
            os.makedirs(app + "/Library")
            phone = self.phone("--app", "org.example.frame=" + app)
            arrest = self.service(phone, "com.apple.mobile.house_arrest")
            request = {"Command": "VendDocuments", "Identifier": "org.example.other"}
            self.assertEqual(self.frame(arrest, request)["Error"], "InstallationLookupFailed")
            self.assertEqual(self.frame(arrest, dict(request, Identifier="org.example.frame"))["Status"], "Complete")
            afc = Afc(arrest)
            self.assertEqual(afc.names("/"), [b".", b"..", b"Documents"])
            self.assertEqual(afc.call("MakeDir", b"/Documents/album\0"), 0)
            for path in (b"/Library\0", b"/Documents/../Library\0"):
                self.assertEqual(afc.call("ReadDir", path), 10)
            self.assertEqual(os.listdir(app + "/Documents"), ["album"])
            whole = self.service(phone, "com.apple.mobile.house_arrest")
            self.frame(whole, {"Command": "VendContainer", "Identifier": "org.example.frame"})
            self.assertIn(b"Library", Afc(whole).names("/"))

    def test_relays_notifications(self):
        phone = self.phone()
        proxy = self.service(phone, "com.apple.mobile.notification_proxy")
        data = plistlib.dumps({"Command": "ObserveNotification", "Name": "org.example.done"})
        proxy.sendall(struct.pack(">I", len(data)) + data)
        while not any(line["type"] == "notification" for line in phone.log()):
            pass
        phone.control("notify org.example.done")
        self.assertEqual(self.frame(proxy), {"Command": "RelayNotification", "Name": "org.example.done"})
        self.assertEqual(self.frame(proxy, {"Command": "Shutdown"}), {"Command": "ProxyDeath"})

    def test_beats_its_heart_and_gives_up_on_the_silent(self):
        phone = self.phone("--heartbeat", "0.1s")
        heart = self.service(phone, "com.apple.mobile.heartbeat")
        for _ in range(2):
            self.assertEqual(self.frame(heart)["Command"], "Marco")
            data = plistlib.dumps({"Command": "Polo"})
            heart.sendall(struct.pack(">I", len(data)) + data)
        self.assertEqual(self.frame(heart)["Command"], "Marco")
        with self.assertRaises((EOFError, OSError)):
            self.frame(heart)


if __name__ == "__main__":
    unittest.main(verbosity=1)
