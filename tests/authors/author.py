"""What the tests of authors share: an installation of its own, a clean environment, a running forum."""

import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

BUILD = pathlib.Path(os.environ.get('STOA_BUILD', 'build/dev')).resolve()
SANITIZE = os.environ.get('STOA_SANITIZE', '')
PATIENCE = 120


def free_port():
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        return probe.getsockname()[1]


class AuthorTest(unittest.TestCase):
    """Installs into a temporary prefix; nothing of the checkout is in sight of what runs then."""

    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(tempfile.mkdtemp(prefix='stoa-author-'))
        cls.addClassCleanup(shutil.rmtree, cls.scratch, True)
        cls.prefix = cls.scratch / 'prefix'
        done = subprocess.run(['cmake', '--install', str(BUILD), '--prefix', str(cls.prefix)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stdout + done.stderr)

    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix='home-', dir=self.scratch))
        self.port = free_port()
        # A sanitizer of the host must be in the plugin's test program too.
        flags = f'-fsanitize={SANITIZE}' if SANITIZE else ''
        self.env = {'PATH': f'{self.prefix}/bin:{os.environ["PATH"]}', 'HOME': str(self.home), 'TMPDIR': str(self.home),
                    'CFLAGS': flags, 'CXXFLAGS': flags, 'LDFLAGS': flags, 'CTEST_OUTPUT_ON_FAILURE': '1',
                    'STOA__DATA_DIR': str(self.home / 'data'), 'STOA__HTTP__PORT': str(self.port),
                    'CMAKE_GENERATOR': os.environ.get('STOA_GENERATOR', 'Unix Makefiles')}

    def run_in(self, directory, *words, status=0, env=None):
        done = subprocess.run([str(w) for w in words], cwd=directory, env=env or self.env, capture_output=True, text=True)
        self.assertEqual(done.returncode, status, f'{words}\n{done.stdout}\n{done.stderr}')
        return done

    def forum(self, env=None, directory=None):
        """`stoa serve`, ready; ended with the test."""
        log = open(self.home / 'forum.log', 'a')
        self.addCleanup(log.close)
        process = subprocess.Popen(['stoa', 'serve'], cwd=directory or self.home, env=env or self.env, stdout=log, stderr=log)

        def end():
            process.terminate()
            self.assertEqual(process.wait(PATIENCE), 0, (self.home / 'forum.log').read_text())
        self.addCleanup(end)
        self.eventually(lambda: process.poll() is not None or self.answers('/readyz'), 'the forum is ready')
        self.assertIsNone(process.poll(), (self.home / 'forum.log').read_text())
        return process

    def fetch(self, path):
        with urllib.request.urlopen(f'http://127.0.0.1:{self.port}{path}', timeout=PATIENCE) as answer:
            return answer.read().decode()

    def answers(self, path):
        try:
            return self.fetch(path)
        except OSError:
            return None

    def eventually(self, condition, what):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        log = self.home / 'forum.log'
        self.fail(f'{what}: not within {PATIENCE} s\n{log.read_text() if log.exists() else ""}')
