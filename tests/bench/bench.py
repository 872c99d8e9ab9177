#!/usr/bin/env python3
"""Measures the release build against yardsticks of the same run: prints a table, writes bench.json beside the build.

Every figure is a ratio to something that ran in turn with it on the same machine; absolute figures are printed but say little
elsewhere. A run with an error answer, a wrong byte or a lost comment does not count (exit code 1)."""

import argparse
import json
import os
import platform
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile

import data
import parts
from processes import Broadcast, Commands, Failure, Nginx, Stoa, nginx_binary

LONGEST_S = {True: 900, False: 3600}  # quick or not; an idle machine takes about a third of it
ENDING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def output(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return (done.stdout.splitlines() or [''])[0].strip()


def figure(value):
    return f'{value:,.0f}' if value >= 100 else f'{value:.1f}' if value >= 10 else f'{value:.2f}'


class Bench:
    def __init__(self, options, scratch, quick_scratch):
        self.options, self.scratch, self.quick_scratch = options, scratch, quick_scratch
        self.rounds, self.seconds = (3, 1) if options.quick else (5, 3)
        self.commands, self.rows, self.raw, self.running = Commands(
            {scratch: '$SCRATCH', quick_scratch: '$PREPARED', options.build: '$BUILD'}), [], {}, []
        self.tools = []
        self.data = data.Data(self)

    @staticmethod
    def say(text):
        print(text, file=sys.stderr, flush=True)

    def stoa(self, data, **settings):
        self.running.append(Stoa(self.scratch, self.commands, self.options.stoa, data, **settings))
        return self.running[-1]

    def nginx(self, files):
        self.running.append(Nginx(self.scratch, self.commands, files))
        return self.running[-1]

    def broadcast(self):
        self.running.append(Broadcast(self.scratch, self.commands, self.options.tools))
        return self.running[-1]

    def stop(self, server):
        self.running.remove(server)
        server.stop()

    def stop_all(self):
        while self.running:
            self.stop(self.running[-1])

    def kill_all(self):
        for process in self.tools:
            process.kill()
            process.wait()
        while self.running:
            try:
                self.running.pop().stop(kill=True)
            except Failure as failure:
                self.say(str(failure))

    def tool(self, name, *arguments, port=None):
        command = [os.path.join(self.options.tools, name), *map(str, arguments)]
        self.commands.add(command, port=port)
        done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        if done.returncode != 0:
            raise Failure(f'{name}: {done.stderr or done.stdout}')
        return json.loads(done.stdout)

    def begin(self, name, *arguments, port=None):
        """The same beside what runs next; `ended` waits for it."""
        command = [os.path.join(self.options.tools, name), *map(str, arguments)]
        self.commands.add(command, port=port)
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.tools.append(process)
        return process

    def ended(self, process):
        """The last line it printed, read as JSON."""
        said, complaint = process.communicate(timeout=180)
        self.tools.remove(process)
        if process.returncode != 0:
            raise Failure(complaint or said)
        return json.loads(said.splitlines()[-1])

    def load(self, port, tokens, *arguments):
        return self.tool('stoa_bench_load', '--port', port, '--tokens', tokens, *arguments, port=port)

    def row(self, part, what, unit, yardstick, pairs, aim=''):
        ratios = [ours / theirs for ours, theirs in pairs]
        self.rows.append({'part': part, 'what': what, 'unit': unit, 'yardstick': yardstick, 'aim': aim, 'ratio': statistics.median(ratios),
                          'least': min(ratios), 'most': max(ratios), 'ours': statistics.median(o for o, _ in pairs),
                          'theirs': statistics.median(y for _, y in pairs), 'rounds': pairs})

    def table(self):
        lines = ['| Part | What | Ratio | Least–most | Aim | Ours | Yardstick |', '|---|---|---|---|---|---|---|']
        for r in self.rows:
            lines.append(f'| {r["part"]} | {r["what"]} | {r["ratio"]:.2f} × | {r["least"]:.2f}–{r["most"]:.2f} | {r["aim"]} | '
                         f'{figure(r["ours"])} {r["unit"]} | {figure(r["theirs"])} ({r["yardstick"]}) |')
        return '\n'.join(lines)

    def report(self, loads, failures):
        source = os.path.dirname(os.path.abspath(__file__))
        return {
            'counts': not failures, 'failures': failures, 'quick': self.options.quick, 'rounds': self.rounds,
            'seconds_each': self.seconds, 'load_before_and_after': loads, 'data_set': data.DATA_SET,
            'commit': output('git', '-C', source, 'rev-parse', 'HEAD'),
            'changed': bool(output('git', '-C', source, 'status', '--porcelain')),
            'versions': {'stoa': output(self.options.stoa, '--version'), 'nginx': output(nginx_binary(), '-v'), 'wrk': output('wrk', '-v'),
                         'sqlite': sqlite3.sqlite_version, 'python': platform.python_version(), 'kernel': platform.release(),
                         'cores': os.cpu_count()},
            'command_lines': self.commands.lines, 'rows': self.rows, 'raw': self.raw}


def options_of(arguments):
    parser = argparse.ArgumentParser(description='Measures the forum against yardsticks of the same run.')
    parser.add_argument('parts', nargs='*', metavar='PART', help=f'what to measure: {", ".join(parts.PARTS)} (all)')
    parser.add_argument('--build', default='build/release', help='the build tree (build/release)')
    parser.add_argument('--stoa', help='the server to measure (bin/stoa of the build tree)')
    parser.add_argument('--quick', action='store_true', help='3 short rounds in place of 5')
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in parts.PARTS]
    if unknown:
        parser.error(f'there is no part {unknown[0]}; there are {", ".join(parts.PARTS)}')
    options.build = os.path.abspath(options.build)
    options.tools = os.path.join(options.build, 'bin')
    options.stoa = os.path.abspath(options.stoa or os.path.join(options.tools, 'stoa'))
    return options


def ended(number, _):
    raise Failure('it took too long' if number == signal.SIGALRM else 'it was stopped')


def main(arguments):
    options = options_of(arguments)
    for number in (*ENDING, signal.SIGALRM):
        signal.signal(number, ended)
    signal.alarm(LONGEST_S[options.quick])
    loads, failures = [os.getloadavg()[0]], []
    # What is measured is on the disk of the build tree; what is only prepared is where syncing costs nothing.
    memory = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix='bench-', dir=options.build) as scratch, \
            tempfile.TemporaryDirectory(prefix='stoa-bench-', dir=memory) as quick_scratch:
        bench = Bench(options, scratch, quick_scratch)
        try:
            for name in options.parts or parts.PARTS:
                bench.say(f'measuring: {name}')
                parts.PARTS[name](bench)
        except (Failure, OSError, subprocess.SubprocessError, ValueError) as failure:
            failures.append(f'{type(failure).__name__}: {failure}')
        finally:
            signal.alarm(0)
            for number in ENDING:
                signal.signal(number, signal.SIG_IGN)  # what was started is stopped in any case
            bench.kill_all()
    loads.append(os.getloadavg()[0])
    report = bench.report(loads, failures)
    with open(os.path.join(options.build, 'bench.json'), 'w') as file:
        json.dump(report, file, indent=1, ensure_ascii=False)
    print(bench.table())
    print(f'\nMedian of {bench.rounds} rounds; load of the machine {loads[0]:.1f} before, {loads[1]:.1f} after; {os.cpu_count()} cores.')
    for failure in failures:
        print(f'This run does not count: {failure}')
    return 1 if failures else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
