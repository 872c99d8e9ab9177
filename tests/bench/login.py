"""Logins, which Argon2id alone should limit, and what they cost those who read meanwhile."""

import os
import time

from data import PASSWORD
from reads import checked

THREADS = 2  # that hash, in the forum and in the bare loop
CLIENTS = 8
READERS, READS_PER_S = 16, 500


def hashing(bench, seconds):
    return ['stoa_bench_hash', '--password', PASSWORD, '--threads', THREADS, '--seconds', seconds]


def logins(bench, server, seconds):
    return ['stoa_bench_load', '--port', server.port, '--tokens', bench.data.tokens_file, '--kind', 'logins', '--password', PASSWORD,
            '--connections', CLIENTS, '--seconds', seconds]


def reads(bench, server, path):
    """p99 in ms, at a rate that leaves the machine nearly idle."""
    paths = os.path.join(bench.scratch, 'paths')
    with open(paths, 'w') as file:
        file.write(path + '\n')
    return bench.tool('stoa_bench_load', '--port', server.port, '--kind', 'reads', '--paths', paths, '--connections', READERS, '--rate',
                      READS_PER_S, '--seconds', max(2, bench.seconds), port=server.port)['p99_ms']


def beside(bench, work, port, measure):
    """(what was measured while it worked, its report)"""
    process = bench.begin(*work, port=port)
    time.sleep(0.3)
    measured = measure()
    return measured, bench.ended(process)


def login(bench):
    server = bench.stoa(bench.data.copy())
    server.start()
    server.settle()
    path = f'/api/v1/posts/{bench.data.post["id"]}/comments'
    body = checked(server.port, path)[0]
    nginx = bench.nginx({'comments': body})
    nginx.start()
    seconds = max(2, bench.seconds)
    rounds = []
    for _ in range(bench.rounds):
        bare = bench.tool(*hashing(bench, seconds))
        ours = bench.tool(*logins(bench, server, seconds), port=server.port)
        result = {'bare': bare['done'] / bare['seconds'], 'ours': ours['done'] / ours['seconds'], 'p50_ms': ours['p50_ms'],
                  'alone': reads(bench, server, path), 'nginx_alone': reads(bench, nginx, '/comments')}
        result['beside'], _ = beside(bench, logins(bench, server, seconds + 1), server.port, lambda: reads(bench, server, path))
        result['nginx_beside'], _ = beside(bench, hashing(bench, seconds + 1), None, lambda: reads(bench, nginx, '/comments'))
        checked(server.port, path, body)
        rounds.append(result)
    bench.raw['login'] = rounds
    bench.row('login', f'logins, {CLIENTS} clients', 'logins/s', f'libsodium alone, {THREADS} threads',
              [(r['ours'], r['bare']) for r in rounds], '≥ 0.9')
    what = f'p99 of {READS_PER_S} cached reads/s beside a login flood'
    bench.row('login', what, 'ms', 'the same without the flood', [(r['beside'], r['alone']) for r in rounds], '≤ 2')
    bench.row('login', what, 'ms', 'nginx beside libsodium alone', [(r['beside'], r['nginx_beside']) for r in rounds])
    bench.row('login', 'nginx beside libsodium alone', 'ms', 'nginx alone', [(r['nginx_beside'], r['nginx_alone']) for r in rounds])
    bench.stop_all()
