"""What is measured. Each part is given the bench, and runs our side and the yardstick in turn, round by round."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import time

from processes import Failure, Nginx, Stoa, fetch

POSTS, COMMENTS, USERS = 2000, 20000, 12
ON_THE_PAGE = 20
CLIENTS = 64
IDLE_CONNECTIONS = 1000
TOKENS_LAST_S = 8 * 60
PASSWORD = 'a long pass phrase for measuring'
DATA_SET = (f'{USERS} users (each costs an Argon2 hash, so few), {POSTS} posts and {COMMENTS} comments, comments over posts by Zipf, '
            f'seed 1; and one post with {ON_THE_PAGE} comments, which is the one that is read')


def call(port, method, path, body, token=None, wanted=(200, 201)):
    headers = [f'Authorization: Bearer {token}'] if token else []
    status, _, answer = fetch(port, path, method, json.dumps(body).encode(), headers)
    if status not in wanted:
        raise Failure(f'{method} {path} answered {status}')
    return json.loads(answer)


class Data:
    """The seeded data directory, made once through the HTTP API; every server works on a copy of its own."""

    def __init__(self, bench):
        self.bench, self.folder = bench, os.path.join(bench.quick_scratch, 'seeded')
        self.tokens_file, self.tokens_age, self.copies = os.path.join(bench.scratch, 'tokens'), 0, 0
        self.post = None

    def prepare(self):
        if self.post:
            return
        bench = self.bench
        bench.say(f'seeding: {DATA_SET}')
        server = bench.stoa(self.folder)
        server.start()
        tokens = [call(server.port, 'POST', '/api/v1/auth/register',
                       {'nickname': f'writer{i}', 'email': f'writer{i}@forum.example', 'password': PASSWORD})['access_token']
                  for i in range(USERS)]
        self.keep(tokens)
        bench.load(server.port, self.tokens_file, '--kind', 'posts', '--count', POSTS)
        bench.load(server.port, self.tokens_file, '--kind', 'comments', '--count', COMMENTS, '--posts', POSTS)
        post = call(server.port, 'POST', '/api/v1/posts', {'title': 'What is measured here', 'body': 'One **post** of usual length. ' * 12,
                                                           'category_ids': [1]}, tokens[0])
        for i in range(ON_THE_PAGE):
            call(server.port, 'POST', f'/api/v1/posts/{post["id"]}/comments',
                 {'body': f'Answer {i}: ' + 'some words that *people* write to each other, ' * (1 + i % 4)}, tokens[i % USERS])
        server.settle()
        server.stop()
        self.post = post

    def keep(self, tokens):
        self.tokens_age = time.monotonic()
        with open(self.tokens_file, 'w') as file:
            file.write('\n'.join(tokens) + '\n')

    def fresh_tokens(self, port):
        if time.monotonic() - self.tokens_age > TOKENS_LAST_S:
            self.keep([call(port, 'POST', '/api/v1/auth/login', {'login': f'writer{i}', 'password': PASSWORD})['access_token']
                       for i in range(USERS)])

    def copy(self):
        self.prepare()
        self.copies += 1
        folder = os.path.join(self.bench.scratch, f'data{self.copies}')
        shutil.copytree(self.folder, folder)
        return folder


# -- http

WRK_REPORT = '''function done(summary, latency)
  local e = summary.errors
  io.write(string.format('REPORT{"requests":%d,"bytes":%d,"us":%d,"errors":%d,"p50_us":%d,"p99_us":%d}\\n', summary.requests,
    summary.bytes, summary.duration, e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50),
    latency:percentile(99)))
end
'''


def checked(port, path, wanted=None):
    """(body, bytes of the whole answer's body and head)"""
    status, fields, body = fetch(port, path)
    if status != 200:
        raise Failure(f'GET {path} answered {status}')
    if wanted is not None and body != wanted:
        raise Failure(f'GET {path} answered other bytes')
    return body, len(body) + sum(len(name) + len(value) + 4 for name, value in fields.items()) + len('HTTP/1.1 200 OK\r\n\r\n')


def wrk(bench, server, path, body):
    _, size = checked(server.port, path, body)
    command = ['wrk', '-t', str(os.cpu_count()), '-c', str(CLIENTS), '-d', f'{bench.seconds}s', '-s',
               os.path.join(bench.scratch, 'report.lua'), f'http://127.0.0.1:{server.port}{path}']
    bench.commands.add(command, port=server.port)
    before = server.cpu_s()
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    cpu = server.cpu_s() - before
    found = re.search(r'REPORT(\{.*\})', done.stdout)
    if done.returncode != 0 or not found:
        raise Failure(f'wrk failed: {done.stderr or done.stdout}')
    report = json.loads(found[1])
    # Heads differ by a few digits; at the end an answer for each client may be under way.
    least, most = report['requests'] * (size - 24), (report['requests'] + 2 * CLIENTS) * (size + 24)
    if report['errors'] or report['requests'] == 0 or not least <= report['bytes'] <= most:
        raise Failure(f'GET {path} of {server.name}: {report}, an answer has {size} bytes')
    checked(server.port, path, body)
    return {'per_s': report['requests'] * 1e6 / report['us'], 'per_cpu_s': report['requests'] / max(cpu, 0.01),
            'p50_ms': report['p50_us'] / 1000, 'p99_ms': report['p99_us'] / 1000}


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
             'post page': (f'/p/{post["id"]}/{post["slug"]}', 'page')}
    bodies = {path: checked(cached.port, path)[0] for path, _ in paths.values()}
    if len(json.loads(bodies[paths['comments as JSON'][0]])['items']) != ON_THE_PAGE:
        raise Failure(f'the list has not {ON_THE_PAGE} comments')
    nginx = bench.nginx({name: bodies[path] for path, name in paths.values()})
    nginx.start()
    rounds = []
    for number in range(bench.rounds + 1):
        results = {}
        for what, (path, name) in paths.items():
            results[what] = {'yardstick': wrk(bench, nginx, f'/{name}', bodies[path]),
                             'cached': wrk(bench, cached, path, bodies[path]),
                             'cache off': wrk(bench, uncached, path, bodies[path])}
        if number > 0:  # the first warms up
            rounds.append(results)
    bench.raw['http'] = rounds
    for what, (path, _) in paths.items():
        for kind in ('cached', 'cache off'):
            for unit, label in (('per_s', 'requests/s'), ('per_cpu_s', 'requests per CPU second of the server')):
                aim = '≥ 1.1' if kind == 'cached' and unit == 'per_s' else ''
                bench.row('http', f'{what}, {len(bodies[path])} bytes, {kind}', label, 'nginx, same bytes as a file',
                          [(r[what][kind][unit], r[what]['yardstick'][unit]) for r in rounds], aim)
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
    bench.row('storage', 'comments over HTTP, 1 client', unit, 'SQLite alone, one a commit', [(r['alone'], r['one']) for r in rounds], '≥ 0.5')
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


PARTS = {'http': http, 'boundary': boundary, 'storage': storage, 'memory': memory, 'start': start}
