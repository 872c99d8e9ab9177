"""The processes that are measured: started on free ports of the loopback, watched through /proc, stopped by their id."""

import glob
import os
import re
import shutil
import signal
import socket
import subprocess
import time

LONGEST_START_S = 60
TICKS = os.sysconf('SC_CLK_TCK')


class Failure(Exception):
    """The run does not count."""


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


def fetch(port, path, method='GET', body=None, headers=(), connection=None, timeout=30):
    """(status, {header}, body) of one request; closes what it opened."""
    own = connection or socket.create_connection(('127.0.0.1', port), timeout=timeout)
    try:
        lines = [f'{method} {path} HTTP/1.1', 'Host: localhost', *headers]
        if body is not None:
            lines += ['Content-Type: application/json', f'Content-Length: {len(body)}']
        own.sendall('\r\n'.join(lines).encode() + b'\r\n\r\n' + (body or b''))
        data = b''
        while b'\r\n\r\n' not in data:
            data += received(own)
        head, data = data.split(b'\r\n\r\n', 1)
        first, *rest = head.decode().split('\r\n')
        fields = {name.lower(): value.strip() for name, value in (line.split(':', 1) for line in rest)}
        while len(data) < int(fields['content-length']):
            data += received(own)
        return int(first.split()[1]), fields, data
    finally:
        if connection is None:
            own.close()


def received(connection):
    data = connection.recv(65536)
    if not data:
        raise ConnectionError('closed')
    return data


class Server:
    """Common to both sides. `start` measures the time from its exec to the first 200 on /healthz."""

    name = ''

    def __init__(self, scratch, commands):
        self.scratch, self.commands, self.port, self.process, self.log = scratch, commands, 0, None, None

    def start(self):
        self.port = free_port()
        command, environment = self.command()
        self.commands.add(command, environment, self.port)
        self.log = open(os.path.join(self.scratch, f'{self.name}.log'), 'ab')
        started = time.monotonic()
        self.process = subprocess.Popen(command, cwd=self.scratch, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                        env={**{k: v for k, v in os.environ.items() if not k.startswith('STOA_')}, **environment})
        while True:
            try:
                if fetch(self.port, '/healthz', timeout=10)[0] == 200:
                    break
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() - started > LONGEST_START_S:
                self.stop(kill=True)
                raise Failure(f'{self.name} did not start: {self.last_words()}')
            time.sleep(0.001)
        took = time.monotonic() - started
        if not self.owns_port():
            raise Failure(f'{self.name}: another process answers on port {self.port}')
        return took * 1000

    def last_words(self):
        with open(self.log.name, errors='replace') as file:
            return ' | '.join(file.read().splitlines()[-3:])

    def owns_port(self):
        with open('/proc/net/tcp') as file:
            rows = [line.split() for line in file.readlines()[1:]]
        sockets = {f'socket:[{row[9]}]' for row in rows if row[1] == f'0100007F:{self.port:04X}' and row[3] == '0A'}
        mine = set()
        for path in (path for pid in self.ids() for path in glob.glob(f'/proc/{pid}/fd/*')):
            try:
                mine.add(os.readlink(path))
            except OSError:
                pass
        return bool(sockets & mine)

    def ids(self):
        """Of the process and of its children."""
        own = self.process.pid
        with open(f'/proc/{own}/task/{own}/children') as file:
            return [own, *map(int, file.read().split())]

    def cpu_s(self):
        total = 0
        for pid in self.ids():
            with open(f'/proc/{pid}/stat') as file:
                fields = file.read().rsplit(')', 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory_kb(self):
        total = 0
        for pid in self.ids():
            # What processes share is counted once.
            with open(f'/proc/{pid}/smaps_rollup') as file:
                total += next(int(line.split()[1]) for line in file if line.startswith('Pss:'))
        return total

    def descriptors(self):
        return sum(len(os.listdir(f'/proc/{pid}/fd')) for pid in self.ids())

    def settle(self, longest_s=30):
        """Until it has nothing left to do."""
        until = time.monotonic() + longest_s
        while time.monotonic() < until:
            before = self.cpu_s()
            time.sleep(0.3)
            if self.cpu_s() - before <= 0.02:
                return
        raise Failure(f'{self.name} does not come to rest')

    def stop(self, kill=False):
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            code = self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f'{self.name} did not stop') from None
        finally:
            self.log.close()
        if code != 0 and not kill:
            raise Failure(f'{self.name} ended with {code}')


class Stoa(Server):
    name = 'stoa'

    def __init__(self, scratch, commands, binary, data, **settings):
        super().__init__(scratch, commands)
        self.binary, self.data, self.settings = binary, data, settings

    def command(self):
        config = os.path.join(self.scratch, 'stoa.toml')
        open(config, 'a').close()
        # The address is in pages: the same for every server, so that their bytes are.
        return [self.binary, 'serve'], {'STOA_CONFIG': config, 'STOA__HTTP__PORT': str(self.port), 'STOA__DATA_DIR': self.data,
                                        'STOA__HTTP__PUBLIC_URL': 'http://forum.example', 'STOA__LIMITS__ENABLED': 'false',
                                        **self.settings}


class Nginx(Server):
    name = 'nginx'

    def __init__(self, scratch, commands, files):
        super().__init__(scratch, commands)
        self.files = os.path.join(scratch, 'files')
        os.makedirs(self.files, exist_ok=True)
        for name, content in {'healthz': b'ok', **files}.items():
            with open(os.path.join(self.files, name), 'wb') as file:
                file.write(content)

    def command(self):
        folder = self.scratch
        temporary = ' '.join(f'{kind}_temp_path {folder}/{kind};' for kind in ('client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'))
        user = 'user root;' if os.getuid() == 0 else ''
        path = os.path.join(folder, 'nginx.conf')
        with open(path, 'w') as file:
            file.write(f'''{user} daemon off; worker_processes {os.cpu_count()}; pid {folder}/nginx.pid; error_log stderr;
events {{ worker_connections 8192; }}
http {{
  access_log off; sendfile off; open_file_cache max=100; open_file_cache_valid 1h; {temporary}
  keepalive_requests 1000000000; keepalive_timeout 75s; default_type application/json;
  server {{ listen 127.0.0.1:{self.port} reuseport; root {self.files}; }}
}}
''')
        return [nginx_binary(), '-e', 'stderr', '-c', path], {}


class Broadcast(Server):
    """The bare loop that fan-out is measured against."""

    name = 'broadcast'

    def __init__(self, scratch, commands, tools):
        super().__init__(scratch, commands)
        self.binary = os.path.join(tools, 'stoa_bench_broadcast')

    def command(self):
        return [self.binary, '--port', str(self.port)], {}


def nginx_binary():
    return shutil.which('nginx', path=os.environ.get('PATH', '') + ':/usr/sbin:/usr/local/sbin') or 'nginx'


class Commands:
    """The command lines of a run, each kind once, without what changes with every run."""

    def __init__(self, names):
        self.names, self.lines = names, []

    def add(self, command, environment=(), port=None):
        line = ' '.join([*(f'{key}={value}' for key, value in dict(environment).items()), *map(str, command)])
        for text, name in self.names.items():
            line = line.replace(text, name)
        if port:
            line = re.sub(rf'(?<!\d){port}(?!\d)', 'PORT', line)
        if line not in self.lines:
            self.lines.append(line)
