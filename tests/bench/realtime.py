"""Fan-out over WebSockets, against a bare epoll loop that writes the same bytes once for each socket and message.

Every socket listens to `post:N`, which strangers may, and what it hears are comments on that post, written over HTTP and
committed to disk. That is the only thing that everybody may listen to and somebody can cause often: typing goes to the members
of a conversation, 20 at most, and presence is told once a second. It is enough for a flood, because a message to 5,000 sockets
is 5,000 deliveries: hundreds of comments a second are more than any fan-out here takes, and the write path takes thousands.
Latency is told twice. From the commit on, which is seen as the answer to the post or the first receipt, whichever is earlier: that
is fan-out alone. And from the post on, which holds our sync to disk, and in both what waits for a fan-out that is still busy: the
bare loop has one thread, so under too much load its posts wait before they are answered, and only here that shows.
Once more with ten listeners among a thousand open sockets: there the whole way of one comment shows, and not how long a thousand
sends take.
The generator keeps a bounded number of messages under way, well below the 256 at which the hub drops a reader for being slow."""

import json
import os
import resource
import time

from data import call
from processes import Failure

AHEAD = 100  # messages under way in a flood
RATE = 20    # messages a second when it is calm
FEW = 1000
LISTENERS = 10  # of FEW, where the others are merely open
SPARE = 1000  # descriptors for everything else


def descriptors_for(sockets):
    """Raises this process's limit, which its children inherit."""
    wanted = sockets * 3 // 2 + SPARE  # the server keeps some back for those it refuses
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise Failure(f'{sockets} sockets need {wanted} descriptors in a process; {hard} are allowed')
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def arguments(bench, server, post, mode, sockets, seed, seconds=0, listeners=0):
    return ['--port', server.port, '--tokens', bench.data.tokens_file, '--post', post, '--mode', mode, '--sockets', sockets, '--seconds',
            seconds, '--rate', RATE, '--ahead', AHEAD, '--seed', seed, '--listeners', listeners]


def fan_out(bench, server, post, mode, sockets, seed, seconds, listeners=0):
    server.settle()
    cpu = server.cpu_s()
    report = bench.tool('stoa_bench_fanout', *arguments(bench, server, post, mode, sockets, seed, seconds, listeners),
                        port=server.port)
    report['cpu_s'] = max(server.cpu_s() - cpu, 0.01)
    report['per_s'] = report['deliveries'] / report['seconds']
    return report


def idle(bench, server, post, sockets):
    """(KB before, KB with the sockets): all subscribed, all still reached at the end, and every descriptor given back."""
    bench.tool('stoa_bench_fanout', *arguments(bench, server, post, 'paced', 16, 1, 1), port=server.port)
    server.settle()
    before, open_before = server.memory_kb(), server.descriptors()
    generator = bench.begin('stoa_bench_fanout', *arguments(bench, server, post, 'idle', sockets, 2), port=server.port)
    if not json.loads(generator.stdout.readline() or '{}').get('ready'):
        bench.ended(generator)
        raise Failure('the sockets were not opened')
    server.settle()
    held, count = server.memory_kb(), server.descriptors() - open_before
    if count < sockets:
        raise Failure(f'{server.name} holds {count} descriptors for {sockets} sockets')
    generator.stdin.write('\n')
    bench.ended(generator)
    until = time.monotonic() + 10
    while server.descriptors() > open_before + 16:  # of the database and of files, which come and go
        if time.monotonic() > until:
            raise Failure(f'{server.name} keeps {server.descriptors() - open_before} descriptors of closed sockets')
        time.sleep(0.1)
    return before, held


def realtime(bench):
    sockets = 1000 if bench.options.quick else 5000
    descriptors_for(sockets)
    folder = bench.data.copy()
    ours, bare = bench.stoa(folder), bench.broadcast()
    ours.start()
    bare.start()
    bench.data.fresh_tokens(ours.port)
    with open(bench.data.tokens_file) as file:
        token = file.readline().strip()
    post = call(ours.port, 'POST', '/api/v1/posts', {'title': 'What everybody listens to', 'body': 'Listen.', 'category_ids': [1]}, token)['id']
    rounds = []
    calm_s = max(2, bench.seconds)
    for number in range(bench.rounds + 1):
        result = {}
        for what, mode, count, seconds, listeners in (('flood', 'flood', sockets, bench.seconds, 0), ('calm', 'paced', sockets, calm_s, 0),
                                                      ('few', 'paced', FEW, calm_s, 0), ('one', 'paced', FEW, calm_s, LISTENERS)):
            if what == 'few' and sockets == FEW:
                result['few'] = result['calm']
                continue
            pair = [fan_out(bench, server, post, mode, count, 10 * number + len(result), seconds, listeners) for server in (ours, bare)]
            if abs(pair[0]['bytes_each'] / pair[1]['bytes_each'] - 1) > 0.05:
                raise Failure(f'the messages have {pair[0]["bytes_each"]:.0f} and {pair[1]["bytes_each"]:.0f} bytes')
            result[what] = pair
        if number > 0:  # the first warms up
            rounds.append(result)
    bench.raw['realtime'] = rounds
    bench.stop_all()
    memory = []
    for _ in range(bench.rounds):
        pair = []
        for make in (lambda: bench.stoa(folder), bench.broadcast):
            server = make()
            server.start()
            server.settle()
            pair.append(idle(bench, server, post, sockets))
            bench.stop(server)
        memory.append(pair)
    bench.raw['realtime_memory_kb'] = memory
    rows(bench, rounds, memory, sockets)


def rows(bench, rounds, memory, sockets):
    def row(what, unit, kind, figure, aim='', yardstick='bare epoll, one write each'):
        bench.row('realtime', what, unit, yardstick, [tuple(map(figure, r[kind])) for r in rounds], aim)

    each = f'{sockets} sockets, {rounds[0]["flood"][0]["bytes_each"]:.0f} bytes'
    row(f'flood, {each}', 'deliveries/s', 'flood', lambda r: r['per_s'], '≥ 2.3; ours ≥ 400,000')
    row(f'flood, {each}', 'deliveries per CPU second of the server', 'flood', lambda r: r['deliveries'] / r['cpu_s'])
    for name in ('p50_ms', 'p99_ms'):
        row(f'{RATE} messages/s, commit to receipt, {name[:3]}, {sockets} sockets', 'ms', 'calm', lambda r, n=name: r[n], '≤ 1')
    for name, aim in (('p50_ms', 'ours ≤ 2 ms'), ('p99_ms', 'ours ≤ 10 ms')):
        row(f'{RATE} messages/s, post to receipt, {name[:3]}, {LISTENERS} of {FEW} sockets listen', 'ms', 'one',
            lambda r, n=name: r[f'whole_{n}'], aim, 'bare epoll, nothing stored')
        for kind, count in (('calm', sockets), ('few', FEW)) if sockets != FEW else (('few', FEW),):
            row(f'{RATE} messages/s, post to receipt, {name[:3]}, {count} sockets', 'ms', kind, lambda r, n=name: r[f'whole_{n}'],
                aim if count == FEW else '', 'bare epoll, nothing stored')
    bench.row('realtime', f'memory with {sockets} idle WebSockets', 'MB', 'itself before they came',
              [(held / 1024, before / 1024) for (before, held), _ in memory])
    bench.row('realtime', 'each of them', 'bytes', 'bare epoll',
              [tuple(max(1, (held - before) * 1024 / sockets) for before, held in pair) for pair in memory], 'ours ≤ 6144 B')
