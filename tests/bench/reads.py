"""Reading: one checked answer, or many of them by wrk."""

import json
import os
import re
import subprocess

from processes import Failure, fetch

CLIENTS = 64

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
