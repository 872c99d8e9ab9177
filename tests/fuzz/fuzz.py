#!/usr/bin/env python3
"""Runs the fuzz targets with libFuzzer, a few at a time, and says what each reached.

  fuzz.py --build build/fuzz [--quick] [TARGET…]

A minute for each target with --quick, otherwise ten. A run begins with the seeds of tests/fuzz/corpus and with what earlier
runs found, which stays in <build>/corpus. An input that fails goes to <build>/crashes; once mended, it belongs among the seeds.
Ends with "N passed, N failed".
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
QUICK_S = 60
LONG_S = 600
INPUT_S = 10  # one input may take, on a busy machine too; what is linear takes milliseconds
START_AND_END_S = 120
MOST_BYTES = {'markdown': 32 * 1024, 'http_edge': 20 * 1024, 'frames': 8 * 1024}  # of one input; else 4 KiB
BROKEN = re.compile(r'Broken: |ERROR: |runtime error: |what\(\): ')
# Of what is said of a failure, without the machinery that called the target.
SHOWN_LINES = 16
SHOWN_COLUMNS = 200
MACHINERY = re.compile(r'^\s*#\d+ .* in (fuzzer::|main |__libc|_start|__sanitizer|abort|raise|__pthread)')


def targets():
    return sorted(path.stem for path in HERE.glob('*.cpp') if path.stem != 'replay')


def files_in(folder):
    return {path.name for path in folder.iterdir() if path.is_file()}


class Run:
    """One target: its folders, its command, and what came of it."""

    def __init__(self, target, build, seconds):
        self.target = target
        self.seconds = seconds
        self.program = build / 'bin' / f'fuzz_{target}'
        self.found = build / 'corpus' / target
        self.crashes = build / 'crashes' / target
        self.log = build / 'logs' / f'{target}.log'
        for folder in (self.found, self.crashes, self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.status = 1
        self.new_inputs = 0
        self.new_crashes = []

    def command(self):
        words = [self.program, f'-max_total_time={self.seconds}', f'-timeout={INPUT_S}',
                 f'-max_len={MOST_BYTES.get(self.target, 4096)}', '-rss_limit_mb=2048', '-print_final_stats=1',
                 f'-artifact_prefix={self.crashes}/']
        dictionary = HERE / f'{self.target}.dict'
        if dictionary.exists():
            words.append(f'-dict={dictionary}')
        return [str(word) for word in [*words, self.found, HERE / 'corpus' / self.target]]

    def run(self):
        before, crashed_before = files_in(self.found), files_in(self.crashes)
        options = {'ASAN_OPTIONS': 'strict_string_checks=1', 'UBSAN_OPTIONS': 'print_stacktrace=1'}
        with self.log.open('wb') as log:
            try:
                self.status = subprocess.run(self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                             env={**os.environ, **options}, timeout=self.seconds + START_AND_END_S).returncode
            except subprocess.TimeoutExpired:
                log.write(b'ERROR: it did not end in time\n')
        self.new_inputs = len(files_in(self.found) - before)
        self.new_crashes = sorted(files_in(self.crashes) - crashed_before)
        return self

    def text(self):
        return self.log.read_text(encoding='utf-8', errors='replace')

    def figure(self, pattern):
        numbers = re.findall(pattern, self.text(), re.MULTILINE)
        return int(numbers[-1]) if numbers else 0

    def executions(self):
        return self.figure(r'^stat::number_of_executed_units:\s*(\d+)')

    def passed(self):
        return self.status == 0 and self.executions() > 0 and not self.new_crashes

    def row(self):
        speed, edges = self.figure(r'exec/s: (\d+)'), self.figure(r'cov: (\d+)')
        return (f'{"passed" if self.passed() else "FAILED"}  {self.target:<13} {self.executions():>10} runs'
                f'{speed:>8} a second{edges:>7} edges{self.new_inputs:>6} new inputs')

    def explanation(self):
        lines = self.text().splitlines()
        first = next((i for i, line in enumerate(lines) if BROKEN.search(line)), max(0, len(lines) - SHOWN_LINES))
        for line in [line for line in lines[first:] if not MACHINERY.match(line)][:SHOWN_LINES]:
            yield f'    {line[:SHOWN_COLUMNS]}'
        yield f'  all of it: {self.log}'
        for name in self.new_crashes:
            yield f'  again: {self.program} {self.crashes / name}'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', type=pathlib.Path, required=True, help='the build directory of the preset fuzz')
    parser.add_argument('--quick', action='store_true', help='a minute for each target instead of ten')
    parser.add_argument('--jobs', type=int, default=os.cpu_count(), help='targets at a time (default: one a processor)')
    parser.add_argument('targets', nargs='*', metavar='TARGET', help=f'all by default: {" ".join(targets())}')
    arguments = parser.parse_args()
    unknown = [name for name in arguments.targets if name not in targets()]
    if unknown:
        print(f'No such target: {" ".join(unknown)}. There are: {" ".join(targets())}', file=sys.stderr)
        return 64
    seconds = QUICK_S if arguments.quick else LONG_S
    names = list(dict.fromkeys(arguments.targets)) or targets()
    runs = [Run(name, arguments.build.resolve(), seconds) for name in names]
    print(f'{len(runs)} targets, {seconds} s each, {arguments.jobs} at a time', flush=True)
    started = time.monotonic()
    passed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, arguments.jobs)) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run.run) for run in runs]):
            run = done.result()
            print(run.row(), flush=True)
            if not run.passed():
                print('\n'.join(run.explanation()), flush=True)
            passed += run.passed()
    print(f'Finished in {time.monotonic() - started:.0f} s')
    print(f'{passed} passed, {len(runs) - passed} failed')
    return 0 if passed == len(runs) else 1


if __name__ == '__main__':
    sys.exit(main())
