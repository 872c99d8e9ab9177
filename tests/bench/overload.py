"""Five times as many requests as fit: most are refused at once, in words, so that the others are answered nearly as if it were calm.

What fits is measured first: as many searches as CLIENTS that ask again and again get, with the cache off, each made anew by a worker.
Then they come by the clock, whether or not those before have been answered, on enough connections that one is nearly always free, and
their times count from when each was due; every answer must be the right one or a whole 503 with Retry-After. The first second, in
which the server's patience ends, is told apart. The generator works on the same processors as the server: what it takes at five times
the rate is missing there (it goes before the server, if that is allowed, or its own waiting would be told as the server's), as is what reading and refusing the others takes, so less than what fits can be accepted. A search is dear
enough that the generator can make five times as many."""

import os
import time

from processes import Failure, fetch
from reads import CLIENTS, checked

PATH = '/api/v1/search?type=posts&q=garden'
CONNECTIONS = 1024
CALM, STORM = 0.8, 5  # of what fits
STORM_S = {True: 10, False: 20}  # quick or not
EARLY_S = 1
REFUSED_WITHIN_MS = 50
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
    fits['per_s'] = fits['done'] / fits['seconds']
    seconds = STORM_S[bench.options.quick]
    calm = bench.tool(*by_the_clock(bench, server, paths, seconds / 2, CALM * fits['per_s']), port=server.port)
    report, early, late = storm(bench, server, by_the_clock(bench, server, paths, seconds, STORM * fits['per_s']), seconds)
    began = time.monotonic()
    checked(server.port, path, body)
    after_s = time.monotonic() - began
    if after_s > AFTER_S:
        raise Failure(f'after the storm GET {path} took {after_s:.1f} s')
    return {'fits': fits, 'calm': calm, 'storm': report, 'early_kb': early, 'late_kb': late, 'after_ms': after_s * 1000}


def overload(bench):
    server = bench.stoa(bench.data.copy(), STOA__CACHE__MAX_MB='0')
    server.start()
    server.settle()
    body = checked(server.port, PATH)[0]
    rounds = [measured(bench, server, PATH, body) for _ in range(bench.rounds + 1)][1:]  # the first warms up
    bench.raw['overload'] = rounds
    rows(bench, rounds)
    bench.stop_all()


def rows(bench, rounds):
    def row(what, unit, yardstick, pair, aim=''):
        bench.row('overload', what, unit, yardstick, [pair(r) for r in rounds], aim)

    def of(kind, what):
        return lambda r: r[kind][what]

    def per_s(kind, *what):
        return lambda r: sum(r[kind][name] for name in what) / (r[kind]['seconds'] - EARLY_S)

    def share(kind, what):
        return lambda r: (r[kind][what], sum(r[kind][name] for name in ('done', 'refused', 'unsent')))

    fits, calm = of('fits', 'per_s'), f'at {CALM} of what fits'
    row('searches that came, by a generator on the same processors', 'a second', 'what fits',
        lambda r: (per_s('storm', 'done', 'refused')(r), fits(r)))
    row('of them accepted', 'a second', 'what fits', lambda r: (per_s('storm', 'done')(r), fits(r)), '≥ 0.7')
    row('of them refused', 'searches', 'all that were due', share('storm', 'refused'))
    row('not sent, since no connection was free', 'searches', 'all that were due', share('storm', 'unsent'))
    row(f'refused {calm}', 'searches', 'all that were due', share('calm', 'refused'))
    row('p50 of refusals', 'ms', 'the limit', lambda r: (r['storm']['refused_p50_ms'], REFUSED_WITHIN_MS))
    row('p99 of refusals', 'ms', 'the limit', lambda r: (r['storm']['refused_p99_ms'], REFUSED_WITHIN_MS), '≤ 1')
    for name, aim in (('p50_ms', ''), ('p99_ms', '≤ 3')):
        row(f'{name[:3]} of what is accepted', 'ms', calm, lambda r, n=name: (r['storm'][n], r['calm'][n]), aim)
    row('p99 of what is accepted', 'ms', f'where {CLIENTS} ask again and again', lambda r: (r['storm']['p99_ms'], r['fits']['p99_ms']))
    row('p99 of what is accepted in the first second', 'ms', calm, lambda r: (r['storm']['early_p99_ms'], r['calm']['p99_ms']))
    row('memory at the end', 'MB', 'when a tenth was over', lambda r: (r['late_kb'] / 1024, r['early_kb'] / 1024), '≤ 1.05')
    row('a search after it', 'ms', f'p50 {calm}', lambda r: (r['after_ms'], r['calm']['p50_ms']))
