"""Five times as many requests as fit: refused at once, in words, so that those that are accepted are answered as if it were calm.

What fits is measured first: as many reads as CLIENTS that ask again and again get of a page that is made anew for each by a worker.
Then they come by the clock, whether or not those before have been answered, on enough connections that one is nearly always free, and
their times count from when each was due. The generator works on the same processors as the server: what it takes at five times the
rate is missing there, and so is what reading and refusing the others takes."""

import os
import time

from processes import Failure, fetch
from reads import CLIENTS, checked

CONNECTIONS = 1024
CALM, STORM = 0.8, 5  # of what fits
STORM_S = {True: 10, False: 20}  # quick or not
EARLY_S = 1  # in which the server finds out
AFTER_S = 1


def load(bench, server, paths, seconds, *arguments):
    return ['stoa_bench_load', '--port', server.port, '--kind', 'reads', '--paths', paths, '--seconds', seconds, *arguments]


def storm(bench, server, command, seconds):
    """(report, KB when a tenth of it is over, KB at its end)"""
    began = time.monotonic()
    process = bench.begin(*command, port=server.port)
    memory = []
    for part in (0.1, 0.95):
        time.sleep(max(0, began + part * seconds - time.monotonic()))
        memory.append(server.memory_kb())
    return bench.ended(process), *memory


def by_the_clock(bench, server, paths, seconds, rate):
    return load(bench, server, paths, seconds, '--connections', CONNECTIONS, '--rate', round(rate), '--storm', 1, '--early', EARLY_S)


def measured(bench, server, path, body):
    paths = os.path.join(bench.scratch, 'paths')
    with open(paths, 'w') as file:
        file.write(path + '\n')
    fits = bench.tool(*load(bench, server, paths, max(3, bench.seconds), '--connections', CLIENTS), port=server.port)
    capacity = fits['done'] / fits['seconds']
    seconds = STORM_S[bench.options.quick]
    calm = bench.tool(*by_the_clock(bench, server, paths, seconds / 2, CALM * capacity), port=server.port)
    report, early, late = storm(bench, server, by_the_clock(bench, server, paths, seconds, STORM * capacity), seconds)
    began = time.monotonic()
    checked(server.port, path, body)
    after_s = time.monotonic() - began
    if after_s > AFTER_S:
        raise Failure(f'after the storm GET {path} took {after_s:.1f} s')
    return {'capacity': capacity, 'fits': fits, 'calm': calm, 'storm': report, 'early_kb': early, 'late_kb': late, 'after_ms': after_s * 1000}


def overload(bench):
    server = bench.stoa(bench.data.copy(), STOA__CACHE__MAX_MB='0')
    server.start()
    server.settle()
    path = os.environ.get('OVER', '/')
    body = checked(server.port, path)[0]
    rounds = []
    for number in range(bench.rounds + 1):
        result = measured(bench, server, path, body)
        print(len(body), {k: v for k, v in result.items()}, flush=True)
        if number > 0:  # the first warms up
            rounds.append(result)
    bench.raw['overload'] = rounds
    rows(bench, rounds)
    bench.stop_all()


def rows(bench, rounds):
    def row(what, unit, yardstick, pair, aim=''):
        bench.row('overload', what, unit, yardstick, [pair(r) for r in rounds], aim)

    def come(r):
        return r['storm']['done'] + r['storm']['refused']

    def seconds(r):
        return r['storm']['seconds']

    row('requests that came, of which the generator costs a part of the processors', 'requests/s', 'what fits',
        lambda r: (come(r) / seconds(r), r['capacity']))
    row('of them accepted', 'requests/s', 'what fits', lambda r: (r['storm']['done'] / seconds(r), r['capacity']), '≥ 0.7')
    row('of them refused', 'requests', 'all that came', lambda r: (r['storm']['refused'], come(r)))
    row('not sent, since no connection was free', 'requests', 'all that came', lambda r: (r['storm']['unsent'], come(r)))
    row('p99 of refusals', 'ms', '50 ms', lambda r: (r['storm']['refused_p99_ms'], 50), '≤ 1')
    row('p99 of accepted requests', 'ms', f'at {CALM} of what fits', lambda r: (r['storm']['p99_ms'], r['calm']['p99_ms']), '≤ 3')
    row('p50 of accepted requests', 'ms', f'at {CALM} of what fits', lambda r: (r['storm']['p50_ms'], r['calm']['p50_ms']))
    row('memory at the end', 'MB', 'when a tenth was over', lambda r: (r['late_kb'] / 1024, r['early_kb'] / 1024), '≤ 1.05')
    row('one request after the storm', 'ms', 'p50 at ease', lambda r: (r['after_ms'], r['calm']['p50_ms']))
