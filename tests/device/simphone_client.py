# SPDX-License-Identifier: LGPL-2.1-or-later
"""A raw client of the simulated phone: usbmux, lockdown and AFC by hand, so that tests see every byte."""
import json
import os
import plistlib
import socket
import ssl
import struct
import subprocess
import tempfile

MAGIC = b"CFA6LPAA"
OPS = {"Status": 1, "Data": 2, "ReadDir": 3, "ReadFile": 4, "TruncateFile": 7, "RemovePath": 8, "MakeDir": 9,
       "GetFileInfo": 10, "GetDeviceInfo": 11, "FileOpen": 13, "FileOpenResult": 14, "FileRead": 15, "FileWrite": 16,
       "FileSeek": 17, "FileTell": 18, "FileTellResult": 19, "FileClose": 20, "FileSetSize": 21,
       "GetConnectionInfo": 22, "SetConnectionOptions": 23, "RenamePath": 24, "SetFSBlockSize": 25,
       "SetSocketBlockSize": 26, "FileLock": 27, "MakeLink": 28, "GetFileHash": 29, "SetModTime": 30,
       "GetFileHashWithRange": 31, "SetImmutableHint": 32, "GetSizeOfPathContents": 33, "RemovePathAndContents": 34,
       "DirEnumOpen": 35, "DirEnumOpenResult": 36, "DirEnumRead": 37, "DirEnumClose": 38, "ReadWithOffset": 39,
       "WriteWithOffset": 40}


class Simphone:
    """`simphone serve` on a folder of its own."""

    def __init__(self, binary, folder, *options, root=None, trust="trusted"):
        self.binary, self.folder = binary, folder
        self.root = root or os.path.join(folder, "root")
        os.makedirs(os.path.join(self.root, "DCIM/100APPLE"), exist_ok=True)
        self.socket, self.control_path = os.path.join(folder, "mux"), os.path.join(folder, "control")
        self.log_path = os.path.join(folder, "log")
        self.process = subprocess.Popen(
            [binary, "serve", "--root", self.root, "--socket", self.socket, "--control", self.control_path,
             "--log", self.log_path, "--trust", trust, *options], stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.udid = self.ready["udid"]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        code = self.process.wait(timeout=20)
        self.process.stdout.close()
        assert code == 0, f"simphone ended with {code}"

    def put(self, name, data):
        path = os.path.join(self.root, "DCIM/100APPLE", name)
        with open(path, "wb") as file:
            file.write(data)
        return "/DCIM/100APPLE/" + name

    def control(self, command):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(20)
        connection.connect(self.control_path)
        with connection, connection.makefile("rw") as lines:
            lines.write(command + "\n")
            lines.flush()
            return json.loads(lines.readline())

    def log(self):
        with open(self.log_path) as lines:
            return [json.loads(line) for line in lines]

    def mux(self):
        return Mux(self.socket)

    def lockdown(self):
        return Lockdown(self)

    def afc(self, service="com.apple.afc"):
        lockdown = self.lockdown()
        lockdown.start_session()
        stream = lockdown.connect_service(service)
        lockdown.close()
        return Afc(stream)


class Mux:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(20)
        self.socket.connect(path)

    def request(self, kind, **keys):
        self.send({"MessageType": kind, "ProgName": "test", "ClientVersionString": "1", **keys})
        return self.receive()

    def send(self, body):
        data = plistlib.dumps(body)
        self.socket.sendall(struct.pack("<IIII", 16 + len(data), 1, 8, 7) + data)

    def receive(self):
        length, *_ = struct.unpack("<IIII", read_exact(self.socket, 16))
        return plistlib.loads(read_exact(self.socket, length - 16))

    def devices(self):
        return self.request("ListDevices")["DeviceList"]

    def connect(self, port, device=None):
        """The result of Connect, and the stream that the socket then is."""
        device = device or self.devices()[0]["DeviceID"]
        swapped = ((port & 0xFF) << 8) | (port >> 8)
        return self.request("Connect", DeviceID=device, PortNumber=swapped)["Number"], self.socket


class Lockdown:
    def __init__(self, phone, device=None):
        self.phone, self.device = phone, device
        number, self.stream = phone.mux().connect(62078, device)
        assert number == 0, number

    def request(self, kind, binary=False, **keys):
        data = plistlib.dumps({"Request": kind, "Label": "test", **keys},
                              fmt=plistlib.FMT_BINARY if binary else plistlib.FMT_XML)
        self.stream.sendall(struct.pack(">I", len(data)) + data)
        return self.receive()

    def receive(self):
        (length,) = struct.unpack(">I", read_exact(self.stream, 4))
        return plistlib.loads(read_exact(self.stream, length))

    def record(self):
        reply = self.phone.mux().request("ReadPairRecord", PairRecordID=self.phone.udid)
        return plistlib.loads(reply["PairRecordData"])

    def tls(self, stream):
        record = self.record()
        with tempfile.NamedTemporaryFile() as pem:
            pem.write(record["RootCertificate"] + b"\n" + record["RootPrivateKey"])
            pem.flush()
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            context.load_cert_chain(pem.name)
        return context.wrap_socket(stream, suppress_ragged_eofs=False)

    def start_session(self):
        record = self.record()
        reply = self.request("StartSession", HostID=record["HostID"], SystemBUID=record["SystemBUID"])
        if "Error" not in reply:
            self.stream = self.tls(self.stream)
        return reply

    def connect_service(self, service):
        reply = self.request("StartService", Service=service)
        assert "Error" not in reply, reply
        number, stream = self.phone.mux().connect(reply["Port"], self.device)
        assert number == 0, number
        return self.tls(stream) if reply.get("EnableServiceSSL") else stream

    def close(self):
        self.stream.close()


class Afc:
    def __init__(self, stream):
        self.stream, self.packet = stream, 0

    def send(self, op, arguments=b"", payload=b"", times=1):
        """One or more requests, in one write."""
        this, requests = 40 + len(arguments), b""
        for _ in range(times):
            self.packet += 1
            requests += MAGIC + struct.pack("<QQQQ", this + len(payload), this, self.packet, OPS.get(op, op))
            requests += arguments + payload
        self.stream.sendall(requests)

    def receive_raw(self):
        """magic, entire, this, packet, op, and everything behind the header."""
        header = read_exact(self.stream, 40)
        entire, this, packet, op = struct.unpack("<QQQQ", header[8:])
        return header[:8], entire, this, packet, op, read_exact(self.stream, entire - 40)

    def receive(self):
        _, _, _, packet, op, body = self.receive_raw()
        self.last_packet = packet
        if op == OPS["Data"]:
            return body
        return struct.unpack("<Q", body[:8])[0]

    def call(self, op, arguments=b"", payload=b""):
        """Bytes for data, a number for a status or a result."""
        self.send(op, arguments, payload)
        return self.receive()

    def names(self, path):
        return self.call("ReadDir", path.encode() + b"\0").split(b"\0")[:-1]

    def info(self, path):
        words = self.call("GetFileInfo", (path if isinstance(path, bytes) else path.encode()) + b"\0")
        if isinstance(words, int):
            return words
        words = words.split(b"\0")[:-1]
        return dict(zip((w.decode() for w in words[::2]), (w.decode() for w in words[1::2])))

    def open(self, path, mode=1):
        return self.call("FileOpen", struct.pack("<Q", mode) + (path if isinstance(path, bytes) else path.encode()) +
                         b"\0")

    def read(self, handle, size):
        return self.call("FileRead", struct.pack("<QQ", handle, size))

    def close(self, handle):
        return self.call("FileClose", struct.pack("<Q", handle))


def read_exact(stream, size):
    data = b""
    while len(data) < size:
        more = stream.recv(min(size - len(data), 1 << 20))
        if not more:
            raise EOFError(f"ended after {len(data)} of {size} bytes")
        data += more
    return data


def read_until_the_end(stream):
    """All bytes, and how the stream ended: "fin" or "rst"."""
    data = b""
    while True:
        try:
            more = stream.recv(1 << 20)
        except ConnectionResetError:
            return data, "rst"
        except ssl.SSLEOFError:
            return data, "fin"
        if not more:
            return data, "fin"
        data += more
