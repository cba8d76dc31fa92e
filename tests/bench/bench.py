#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Measures PhotoSafe against its peer or limit, both in the same minute, as ratios: see README.md beside this file.

    tests/bench/bench.py [-n PAIRS] [--work DIR] [NAME ...]

Prints a line for each pair and one for each figure. Never fails because of a timing.
"""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

TOP = pathlib.Path(__file__).resolve().parents[2]


class Bench:
    def __init__(self, build, work, pairs):
        self.photosafe = build / "tools/photosafe/photosafe"
        self.simphone = build / "tools/simphone/simphone"
        self.worker = build / "libphotosafe/worker/photosafe-media-worker"
        self.tools = build / "tests/bench"
        self.work = work
        self.pairs = pairs
        self.results = []
        self.spent = 0

    # running things

    def run(self, command, **kw):
        """Wall seconds, CPU seconds and peak MiB of one process."""
        begin = time.monotonic()
        process = subprocess.Popen([str(c) for c in command], env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kw)
        out, err = process.stdout.read(), b""
        err = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - begin
        if process.returncode != 0:
            sys.exit(f"{command} ended with {process.returncode}: {err.decode(errors='replace')[-2000:]}")
        return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss / 1024, "out": out.decode()}

    def env(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.work), "LANG": "C.UTF-8",
                "XDG_CONFIG_HOME": str(self.work / "config"), "USBMUXD_SOCKET_ADDRESS": f"UNIX:{self.work}/mux"}

    def roll(self, name, *options):
        folder = self.work / f"roll-{name}"
        if not folder.exists():
            self.run([self.simphone, "make-roll", folder, *options])
        return folder

    def clear(self, folder):
        """Takes a folder out of the way, and frees its blocks but not its inodes: ext4 looks at each that was freed in the last minutes
        before it gives out another, which would count against whoever writes next."""
        if not folder.exists():
            return
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_size > 0:
                path.chmod(0o600)
                os.truncate(path, 0)
        self.spent += 1
        folder.rename(self.work / f"spent-{self.spent}")

    def phone(self, roll, *options):
        return Phone(self, roll, options)

    def archive(self):
        folder = self.work / "archive"
        self.clear(folder)
        self.run([self.photosafe, "init", folder])
        os.sync()
        return folder

    def import_(self, archive, *options):
        return self.run([self.photosafe, "-q", "-a", archive, "import", "--no-wait", *options])

    def cold(self):
        os.sync()
        try:
            pathlib.Path("/proc/sys/vm/drop_caches").write_text("3")
        except OSError:
            print("  (the page cache can't be dropped: these figures are warm)", flush=True)

    # telling

    def compare(self, name, goal, ours, theirs, what, faster=True):
        """Ratio of the two, pair by pair: of speeds (theirs' time over ours) or of times (ours over theirs)."""
        ratios, peaks, mine, peers = [], [], [], []
        for _ in range(self.pairs):
            b = theirs()
            a = ours()
            ratios.append(b["wall"] / a["wall"] if faster else a["wall"] / b["wall"])
            mine.append(a["wall"])
            peers.append(b["wall"])
            peaks.append(a["peak"])
            print(f"  {name}: ours {a['wall']:.3f} s, cpu {a['cpu']:.2f} s, {a['peak']:.0f} MiB; {what} {b['wall']:.3f} s; ratio {ratios[-1]:.3f}", flush=True)
        median = statistics.median(ratios)
        best = max(ratios) if faster else min(ratios)
        met = median >= goal if faster else median <= goal
        self.results.append((name, median, best, goal, met, what, statistics.median(mine), statistics.median(peers), max(peaks)))

    def note(self, name, value, goal, unit):
        self.results.append((name, value, value, goal, value <= goal, unit, value, 0, 0))
        print(f"  {name}: {value:.3f} {unit} (goal {goal})", flush=True)

    def table(self):
        print(f"\n{'figure':<44}{'median':>9}{'best':>9}{'goal':>8}  met   {'ours':>9}{'other':>9}  against")
        for name, median, best, goal, met, what, mine, peers, _ in self.results:
            print(f"{name:<44}{median:>9.3f}{best:>9.3f}{goal:>8}  {'yes' if met else 'NO':<5} {mine:>9.3f}{peers:>9.3f}  {what}")

    # the figures

    def link(self, name, rate, latency, goal_raw, goal_ifuse, items):
        roll = self.roll(name, "--items", items, "--mix", "photo=1", "--photo-bytes", "2.2MB")
        with self.phone(roll, "--rate", rate, "--latency", latency):
            def ours():
                return self.import_(self.archive())
            for connections in (1, 6):
                self.compare(f"import / raw AFC loop of {connections}, {rate} {latency}", goal_raw, ours, lambda: self.raw(roll, connections=connections),
                             f"raw afc_file_read loop, {connections} connection(s), 1 MiB")
            if os.path.exists("/dev/fuse") and shutil.which("ifuse"):
                self.compare(f"import / ifuse+rsync, {rate} {latency}", goal_ifuse, ours, self.ifuse, "ifuse + rsync")
            else:
                print("  ifuse can't be run here: skipped")

    def raw(self, roll, chunk=1 << 20, connections=1):
        return self.run([self.tools / "afc_raw", "read", "--chunk", chunk, "--connections", connections, "--root", roll])

    def ifuse(self):
        mount, copy = self.work / "mount", self.work / "copy"
        for folder in (mount, copy):
            self.clear(folder)
            folder.mkdir()
        self.run(["ifuse", mount])
        try:
            return self.run(["rsync", "-a", f"{mount}/DCIM/", f"{copy}/"])
        finally:
            self.run(["fusermount", "-u", mount])

    def a_link(self):
        self.link("lightning", "38MB/s", "1ms", 0.97, 1.4, 200)
        self.link("fast", "300MB/s", "0.3ms", 0.90, 2.0, 400)

    def b_movie(self):
        roll = self.work / "roll-movie"
        if not roll.exists():
            (roll / "DCIM/100APPLE").mkdir(parents=True)
            with open(roll / "DCIM/100APPLE/IMG_0001.MOV", "wb") as movie:
                block = os.urandom(1 << 20)
                for i in range(2048):
                    movie.write(i.to_bytes(8, "little") + block[8:])
        with self.phone(roll):
            chunks = [256 << 10, 1 << 20, 4 << 20]
            speeds = {c: self.raw(roll, c)["wall"] for c in chunks}
            best = min(speeds, key=speeds.get)
            print("  raw loop by chunk: " + ", ".join(f"{c >> 10} KiB {2048 / s:.0f} MiB/s" for c, s in speeds.items()))
            self.compare("one movie of 2 GiB, no limit / best raw loop", 1.0, lambda: self.import_(self.archive()), lambda: self.raw(roll, best),
                         f"raw afc_file_read loop, {best >> 10} KiB")

    def c_again(self):
        roll = self.roll("known", "--bulk", "100000:64")
        archive = self.archive()
        with self.phone(roll):
            first = self.import_(archive)
            print(f"  first import of 100,000: {first['wall']:.1f} s, {first['peak']:.0f} MiB")
            self.note("peak, first import of 100,000", first["peak"], 96, "MiB")
        self.hundred_thousand = archive
        log = self.work / "requests.log"
        pairs, self.pairs = self.pairs, 1  # the peer alone takes a minute
        with self.phone(roll, "--latency", "0.5ms"):
            self.compare("again 100,000 known items, 0.5 ms", 6.0, lambda: self.import_(archive), lambda: self.run([self.tools / "afc_raw", "stat", "--root", roll]),
                         "one connection, one stat after the other")
        with self.phone(roll, "--service-time", "0.5ms"):
            self.compare("again 100,000, phone that needs 0.5 ms each", 6.0, lambda: self.import_(archive), lambda: self.run([self.tools / "afc_raw", "stat", "--root", roll]),
                         "one connection, one stat after the other")
        self.pairs = pairs
        with self.phone(roll, "--log", log):
            again = self.import_(archive)
            self.note("peak, again 100,000", again["peak"], 96, "MiB")
        counts = {"content": 0, "stat": 0, "all": 0}
        for line in log.open():
            entry = json.loads(line)
            if entry.get("service") != "com.apple.afc":
                continue
            counts["all"] += 1
            counts["content"] += entry.get("op") in ("FileRead", "FileOpen")
            counts["stat"] += entry.get("op") == "GetFileInfo"
        log.unlink()
        self.note("again 100,000: reads of content", counts["content"], 0, "requests")
        self.note("again 100,000: stats an item", counts["stat"] / 100_000, 1.01, "requests")
        small = self.roll("thousand", "--bulk", "1000:64")
        with self.phone(small):
            peak = self.import_(self.archive())["peak"]
        self.note("growth of the first import's peak", (first["peak"] - peak) * 1048576 / 99_000, 200, "bytes an item")
        # status and start, on that archive
        self.run([self.photosafe, "-a", self.keep(archive), "status"])
        times = sorted(self.run([self.photosafe, "-a", self.kept, "status"])["wall"] for _ in range(9))
        self.note("status, 100,000 items", times[4] * 1000, 100, "ms")
        times = sorted(self.run([self.photosafe, "--version"])["wall"] for _ in range(21))
        self.note("--version", times[10] * 1000, 10, "ms")

    def keep(self, archive):
        self.kept = self.work / "archive-kept"
        self.clear(self.kept)
        archive.rename(self.kept) if archive.exists() else None
        return self.kept

    def d_verify(self):
        roll = self.roll("verify", "--items", 600, "--mix", "photo=1", "--photo-bytes", "3MB")
        archive = self.archive()
        self.import_(archive, "--from", roll)

        def cat():
            self.cold()
            return self.run(["sh", "-c", f"find '{archive}/originals' -type f -print0 | xargs -0 cat >/dev/null"])

        def ours():
            self.cold()
            return self.run([self.photosafe, "-q", "-a", archive, "verify"])
        self.compare("verify / xargs cat, cold", 0.85, ours, cat, "find | xargs cat >/dev/null")

    def e_small(self):
        roll = self.roll("small", "--bulk", "10000:20000")

        def alone():
            target = self.work / "target"
            self.clear(target)
            target.mkdir()
            os.sync()
            return self.run([self.tools / "small_files", roll, target])
        self.compare("10,000 small items from a folder / batch of 64", 1.15, lambda: self.import_(self.archive(), "--from", roll), alone,
                     "durable write of the same files in batches of 64", faster=False)
        with self.phone(roll):
            self.compare("10,000 small items from a phone / batch of 64", 1.15, lambda: self.import_(self.archive()), alone,
                         "durable write of the same files in batches of 64", faster=False)

    def f_memory(self):
        roll = self.roll("sparse", "--items", 20, "--sparse-movie", "5GiB")
        with self.phone(roll):
            result = self.import_(self.archive())
        self.note("peak, a movie of 5 GiB", result["peak"], 96, "MiB")
        self.clear(self.work / "archive")

    def g_metadata(self):
        roll = self.roll("metadata", "--items", 6800, "--photo-bytes", "60kB", "--movie-bytes", "100kB", "--library", "none")
        files = sum(len(names) for _, _, names in os.walk(roll))
        self.compare(f"metadata of {files} files, in a jail / exiftool", 20, lambda: self.run([self.tools / "ask_workers", self.worker, "facts", roll]),
                     lambda: self.run(["sh", "-c", f"exiftool -q -q -json -n -r '{roll}' >/dev/null; true"]), "one process of exiftool for all of them")
        print("  " + self.run([self.tools / "ask_workers", self.worker, "round-trips", 20000])["out"].strip() + " µs a question, " +
              self.run([self.tools / "ask_workers", self.worker, "starts", 20])["out"].strip() + " ms to start a worker", flush=True)

        def ours():
            return self.import_(self.archive(), *source)

        def bare():
            return self.import_(self.archive(), *source, "--no-metadata")
        source = ["--from", roll]
        self.compare("import / import --no-metadata, small files of a folder", 1.05, ours, bare, "the same without metadata", faster=False)
        source = []
        photos = self.roll("lightning", "--items", 200, "--mix", "photo=1", "--photo-bytes", "2.2MB")
        source = ["--from", photos]
        self.compare("import / import --no-metadata, photos of a folder", 1.05, ours, bare, "the same without metadata", faster=False)
        source = []
        with self.phone(photos, "--rate", "38MB/s", "--latency", "1ms"):
            self.compare("import / import --no-metadata, a phone, 38MB/s 1ms", 1.05, ours, bare, "the same without metadata", faster=False)

    def h_queries(self):
        archive = self.work / "million"
        self.run([self.tools / "ask_catalog", "make", archive, 1_000_000])
        print(f"  a catalog of 1,000,000 assets: {(archive / 'catalog.sqlite').stat().st_size / 1e6:.0f} MB", flush=True)
        for how, times, goal in (("warm", 300, 10), ("cold", 100, 50)):
            lines = self.run([self.tools / "ask_catalog", "ask", archive, how, times])["out"].splitlines()
            forms = [(line.split("\t")[0], float(line.split("\t")[1]), float(line.split("\t")[2])) for line in lines]
            for name, median, p99 in forms:
                print(f"  {how}: {name}: median {median:.2f} ms, p99 {p99:.2f} ms" + ("" if p99 <= goal else "  above the goal"), flush=True)
            name, _, p99 = max(forms, key=lambda form: form[2])
            self.note(f"{how} queries, p99 of the slowest form ({name})", p99, goal, "ms")
        self.clear(archive)

    def i_convert(self):
        roll = self.roll("heic", "--items", 16, "--mix", "photo=1", "--pictures", 4, "--picture-size", "4032x3024", "--photo-bytes", "2.2MB",
                         "--library", "none")
        archive = self.archive()
        self.import_(archive, "--from", roll / "DCIM")
        heics = sorted(str(path) for path in archive.rglob("originals/**/*.HEIC"))
        out = self.work / "peer"

        def peer():
            self.clear(out)
            out.mkdir()
            return self.run(["sh", "-c", 'out=$0; printf "%s\\0" "$@" | xargs -0 -P2 -I{} sh -c \'heif-convert -q 90 -d libde265 "$1" '
                             '"$2/$(basename "$1").jpg" >/dev/null\' - {} "$out"', out, *heics])

        def ours(*words):
            self.clear(archive / "renditions")
            return self.run([self.photosafe, "-q", "-a", archive, *words])
        what = f"xargs -P2 heif-convert (libde265), the same {len(heics)} pictures of 12 MP"
        self.compare("HEIC to JPEG, libavcodec", 1.4, lambda: ours("convert", "--decoder", "libavcodec"), peer, what)
        self.compare("HEIC to JPEG, libde265", 1.05, lambda: ours("convert", "--decoder", "libde265"), peer, what)
        each = [float(self.run([self.tools / "ask_workers", self.worker, f"draw-{size}", roll / "DCIM"])["out"]) for size in (160, 2000)]
        print(f"  one worker, one picture: {each[0]:.2f} ms for its embedded picture, {each[1]:.0f} ms for a decoded one, which is {each[1] / each[0]:.0f} times", flush=True)
        self.compare("thumbnails, embedded / decoded, durable", 100, lambda: ours("thumbnails", "--size", 160), lambda: ours("thumbnails", "--size", 2000),
                     "thumbnails of 2000 pixels, of which none is embedded")

    def j_library(self):
        roll = self.roll("library", "--items", 100_000, "--photo-bytes", "2kB", "--movie-bytes", "4kB", "--picture-size", "64x64", "--pictures", 4)
        for what, by in (("lines", "by the worker"), ("all", "by worker and library in one process")):
            read = self.run([self.tools / "library_read", what, roll / "PhotoData/Photos.sqlite"])
            print(f"  {read['out'].strip()}", flush=True)
            self.note(f"100,000 items read {by}", read["wall"], 10, "s")
            self.note(f"peak, 100,000 items read {by}", read["peak"], 200, "MiB")
        self.clear(roll)
        known = self.roll("verdict", "--bulk", "100000:64", "--library", "ios18")
        archive = self.archive()
        with self.phone(known):
            first = self.import_(archive)
        print(f"  first import of 100,000 that the library names: {first['wall']:.1f} s, {first['peak']:.0f} MiB", flush=True)
        with self.phone(known, "--latency", "0.5ms"):
            self.compare("status --device / import again, 100,000", 1.0, lambda: self.run([self.photosafe, "-q", "-a", archive, "status", "--device", "--no-wait"]),
                         lambda: self.import_(archive), "import of the same 100,000 known items", faster=False)


class Phone:
    def __init__(self, bench, roll, options):
        self.bench, self.command = bench, [bench.simphone, "serve", "--root", roll, "--socket", bench.work / "mux", "--trust", "trusted", *options]

    def __enter__(self):
        self.process = subprocess.Popen([str(c) for c in self.command], stdout=subprocess.PIPE)
        self.process.stdout.readline()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def main():
    names = [n for n in dir(Bench) if n[1] == "_" and n[0] in "abcdefghij"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-n", type=int, default=7, metavar="PAIRS", help="pairs of runs for each ratio (default 7)")
    parser.add_argument("--build", type=pathlib.Path, default=TOP / "build/bench")
    parser.add_argument("--work", type=pathlib.Path, help="a folder on the disk to be measured")
    parser.add_argument("names", nargs="*", help="one of " + ", ".join(names))
    args = parser.parse_args()
    if not (args.build / "build.ninja").exists() or args.build == TOP / "build/bench":
        subprocess.run(["cmake", "-S", TOP, "-B", args.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DPHOTOSAFE_BENCH=ON"],
                       check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", args.build, "--", "--quiet", "photosafe_cli", "simphone", "small_files", "afc_raw", "ask_workers", "ask_catalog", "library_read",
                        "photosafe-media-worker"], check=True)
    with tempfile.TemporaryDirectory(prefix="photosafe-bench.", dir=args.work) as work:
        bench = Bench(args.build, pathlib.Path(work), args.n)
        for name in names:
            if not args.names or name in args.names:
                print(f"== {name}", flush=True)
                getattr(bench, name)()
        bench.table()


if __name__ == "__main__":
    main()
