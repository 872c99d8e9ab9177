"""What is measured. Each part is given the bench, and runs our side and the yardstick in turn, round by round."""

import json
import os
import socket
import sqlite3

from data import COMMENTS, ON_THE_PAGE, POSTS
from flat import flat
from login import login
from overload import overload
from processes import Failure, fetch
from reads import CLIENTS, WRK_REPORT, checked, wrk
from realtime import realtime

IDLE_CONNECTIONS = 1000


# -- http

def http(bench):
    with open(os.path.join(bench.scratch, 'report.lua'), 'w') as file:
        file.write(WRK_REPORT)
    cached = bench.stoa(bench.data.copy())
    uncached = bench.stoa(bench.data.copy(), STOA__CACHE__MAX_MB='0')
    for server in (cached, uncached):
        server.start()
        server.settle()
    post = bench.data.post
    paths = {'comments as JSON': (f'/api/v1/posts/{post["id"]}/comments', 'comments'),
             'post page': (f'/p/{post["id"]}/{post["slug"]}', 'page'),
             'feed as JSON': ('/api/v1/posts', 'feed'),
             'home page': ('/', 'home')}
    bodies = {path: checked(cached.port, path)[0] for path, _ in paths.values()}
    if len(json.loads(bodies[paths['comments as JSON'][0]])['items']) != ON_THE_PAGE:
        raise Failure(f'the list has not {ON_THE_PAGE} comments')
    nginx = bench.nginx({name: bodies[path] for path, name in paths.values()})
    nginx.start()
    folder, same = bench.data.copy(), os.path.join(bench.scratch, 'same')
    with open(same, 'wb') as file:
        file.write(bodies[paths['comments as JSON'][0]])
    rounds = []
    for number in range(bench.rounds + 1):
        alone = bench.tool('stoa_bench_sqlite', '--file', f'{folder}/stoa.db', '--page', post['id'], '--same', same, '--seconds', bench.seconds)
        results = {'alone': alone['done'] / alone['cpu_s']}
        for what, (path, name) in paths.items():
            results[what] = {'yardstick': wrk(bench, nginx, f'/{name}', bodies[path]),
                             'cached': wrk(bench, cached, path, bodies[path]),
                             'cache off': wrk(bench, uncached, path, bodies[path])}
        if number > 0:  # the first warms up
            rounds.append(results)
    bench.raw['http'] = rounds
    for what, (path, name) in paths.items():
        of_feed = name in ('feed', 'home')
        for kind in ('cached', 'cache off'):
            for unit, label in (('per_s', 'requests/s'), ('per_cpu_s', 'requests per CPU second of the server')):
                aim = '' if unit != 'per_s' else 'ours ≥ 5,000' if kind == 'cache off' and of_feed else '' if kind == 'cache off' else (
                    '≥ 0.9' if of_feed else '≥ 1.1')
                bench.row('http', f'{what}, {len(bodies[path])} bytes, {kind}', label, 'nginx, same bytes as a file',
                          [(r[what][kind][unit], r[what]['yardstick'][unit]) for r in rounds], aim)
        if of_feed:
            continue
        bench.row('http', f'{what}, {len(bodies[path])} bytes, cache off', 'requests per CPU second of the server',
                  'SQLite and RapidJSON alone, the same comments as JSON', [(r[what]['cache off']['per_cpu_s'], r['alone']) for r in rounds],
                  '≥ 0.5')
    bench.stop_all()


# -- storage

def sqlite_alone(bench, group):
    path = os.path.join(bench.scratch, 'alone.db')
    report = bench.tool('stoa_bench_sqlite', '--file', path, '--group', group, '--seconds', bench.seconds, '--posts', POSTS,
                        '--comments', COMMENTS)
    for end in ('', '-wal', '-shm'):
        if os.path.exists(path + end):
            os.remove(path + end)
    return report['done'] / report['seconds']


def kept(folder):
    """(comments, events of them) in the database"""
    with sqlite3.connect(f'file:{folder}/stoa.db?mode=ro', uri=True) as db:
        return (db.execute('SELECT count(*) FROM posts_comment').fetchone()[0],
                db.execute("SELECT count(*) FROM core_event WHERE type = 'posts.comment.created'").fetchone()[0])


def storage(bench):
    folder = bench.data.copy()
    before = kept(folder)
    server = bench.stoa(folder)
    server.start()
    server.settle()
    bench.data.fresh_tokens(server.port)
    rounds, written = [], 0
    for number in range(bench.rounds):
        result = {'one': sqlite_alone(bench, 1), 'groups': sqlite_alone(bench, 64)}
        for name, clients in (('many', CLIENTS), ('alone', 1)):
            cpu = server.cpu_s()
            report = bench.load(server.port, bench.data.tokens_file, '--kind', 'comments', '--seconds', bench.seconds, '--posts', POSTS,
                                '--connections', clients, '--seed', 100 + 2 * number + (clients == 1))
            written += report['done']
            result[name] = report['done'] / report['seconds']
            result[name + '_report'] = report
            server.settle()
            result[name + '_cpu_ms'] = (server.cpu_s() - cpu) * 1000 / report['done']
        rounds.append(result)
    server.stop()
    for what, was, now in zip(('comments', 'events of comments'), before, kept(folder)):
        if now - was != written:
            raise Failure(f'{written} comments were acknowledged, and {now - was} {what} are kept')
    bench.raw['storage'] = rounds
    unit = 'comments/s'
    bench.row('storage', f'comments over HTTP, {CLIENTS} clients', unit, 'SQLite alone, 64 a commit',
              [(r['many'], r['groups']) for r in rounds], '≥ 0.25')
    bench.row('storage', f'comments over HTTP, {CLIENTS} clients', unit, 'SQLite alone, one a commit', [(r['many'], r['one']) for r in rounds])
    bench.row('storage', 'one comment alone over HTTP, p50', 'ms', 'SQLite alone, one a commit',
              [(r['alone_report']['p50_ms'], 1000 / r['one']) for r in rounds], '≤ 2')
    # Here the search index and the notifications of those before take their turns, too.
    bench.row('storage', 'comments over HTTP, 1 client', unit, 'SQLite alone, one a commit', [(r['alone'], r['one']) for r in rounds])
    bench.stop_all()


# -- memory

def grown(server, path):
    """(KB at rest, bytes for each connection that has asked once and keeps quiet)"""
    for _ in range(CLIENTS):
        checked(server.port, path)
    server.settle()
    at_rest = server.memory_kb()
    connections = [socket.create_connection(('127.0.0.1', server.port), timeout=30) for _ in range(IDLE_CONNECTIONS)]
    try:
        answers = {fetch(server.port, path, connection=c)[::2] for c in connections}
        server.settle()
        loaded = server.memory_kb()
        answers |= {fetch(server.port, path, connection=c)[::2] for c in connections}  # all still open
    finally:
        for connection in connections:
            connection.close()
    if len(answers) != 1 or answers.pop()[0] != 200:
        raise Failure(f'the idle connections of {server.name} got different answers')
    return at_rest, (loaded - at_rest) * 1024 / IDLE_CONNECTIONS


def memory(bench):
    folder = bench.data.copy()
    path = f'/api/v1/posts/{bench.data.post["id"]}/comments'
    rounds = []
    for _ in range(bench.rounds):
        server = bench.stoa(folder)
        server.start()
        server.settle()
        ours = grown(server, path)
        nginx = bench.nginx({'comments': checked(server.port, path)[0]})
        bench.stop(server)
        nginx.start()
        rounds.append((ours, grown(nginx, '/comments')))
        bench.stop(nginx)
    bench.row('memory', 'at rest, all plugins, seeded', 'MB', 'nginx, all its processes',
              [(ours[0] / 1024, yardstick[0] / 1024) for ours, yardstick in rounds], 'ours ≤ 30 MB')
    bench.row('memory', f'each of {IDLE_CONNECTIONS} idle connections', 'bytes', 'nginx',
              [(max(ours[1], 1), max(yardstick[1], 1)) for ours, yardstick in rounds], 'ours ≤ 2048 B')


# -- start

def start(bench):
    folder = bench.data.copy()
    rounds = []
    for number in range(bench.rounds):
        result = {}
        for name, make in (('nginx', lambda: bench.nginx({})), ('seeded', lambda: bench.stoa(folder)),
                           ('empty', lambda: bench.stoa(os.path.join(bench.scratch, f'empty{number}')))):
            server = make()
            result[name] = server.start()
            bench.stop(server)
        rounds.append(result)
    for name, aim in (('empty', 'ours ≤ 100 ms'), ('seeded', 'ours ≤ 500 ms')):
        bench.row('start', f'to the first 200, {name} data directory', 'ms', 'nginx', [(r[name], r['nginx']) for r in rounds], aim)


# -- boundary

def boundary(bench):
    """A constant, answered by the host and by a plugin, both on a worker."""
    with open(os.path.join(bench.scratch, 'report.lua'), 'w') as file:
        file.write(WRK_REPORT)
    plugins = os.path.join(bench.options.build, 'tests', 'bench', 'plugins')
    server = bench.stoa(os.path.join(bench.scratch, 'boundary'), STOA__PLUGINS__DIR=plugins, STOA__PLUGINS__ENABLED='constant')
    server.start()
    server.settle()
    body = checked(server.port, '/healthz')[0]
    rounds = []
    for number in range(bench.rounds + 1):
        result = {name: wrk(bench, server, path, body) for name, path in (('host', '/healthz'), ('plugin', '/api/v1/x/constant/healthz'))}
        if number > 0:  # the first warms up
            rounds.append(result)
    bench.raw['boundary'] = rounds
    for unit, label in (('per_s', 'requests/s'), ('per_cpu_s', 'requests per CPU second')):
        bench.row('boundary', 'a constant from a plugin', label, 'the same from the host',
                  [(r['plugin'][unit], r['host'][unit]) for r in rounds], '≥ 0.9')
    bench.stop_all()


PARTS = {'http': http, 'boundary': boundary, 'storage': storage, 'realtime': realtime, 'login': login, 'overload': overload, 'memory': memory,
         'start': start, 'flat': flat}
