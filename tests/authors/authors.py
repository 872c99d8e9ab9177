#!/usr/bin/env python3
"""Begins where a plugin author does: an installed SDK, an empty directory, a clean environment.

  authors.py [Quickstart|Template|Examples|Tools]     needs a whole build (STOA_BUILD)
"""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from author import PATIENCE, AuthorTest  # noqa: E402


def blocks(text):
    """(names, language, content) of each fenced block; names are those of the files it is, or of the block before it."""
    found = []
    names = []
    for match in re.finditer(r'^(?P<lead>`[\w./]+`[^\n]*:\n)?(?:^\n)?```(?P<language>\w+)\n(?P<content>.*?)^```$', text, re.M | re.S):
        if match['lead']:
            names = [name for name in re.findall(r'`([\w./]+)`', match['lead']) if '.' in name]
        elif match['language'] in ('sh', 'text'):
            names = []
        found.append((names[:1], match['language'], match['content']))
        names = names[1:]
    return found


class Quickstart(AuthorTest):
    """sdk/README.md to the letter; only the prefix and the port are others."""

    def test_every_file_and_command(self):
        place = self.home / 'hello'
        place.mkdir()
        readme = (self.prefix / 'share/stoa/sdk/README.md').read_text()
        said = ''
        commands = 0
        written = []
        for names, language, content in blocks(readme.split('\n## Then')[0]):
            if language == 'text':
                self.assertEqual(said.strip(), content.strip())
            elif language != 'sh':
                self.assertEqual(len(names), 1, f'a block of {language} is no file:\n{content}')
                path = place / names[0]
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
                written.append(names[0])
            else:
                for line in content.strip().splitlines():
                    if line.startswith('cmake --install'):
                        continue  # setUpClass did
                    line = line.replace('/usr/local', str(self.prefix)).replace('localhost:8080', f'localhost:{self.port}')
                    commands += 1
                    if line == 'stoa serve':
                        self.forum(directory=place)
                    else:
                        said = self.run_in(place, 'bash', '-ec', line).stdout
        self.assertEqual(len(written), 7, written)
        self.assertEqual(commands, 6)


class Template(AuthorTest):
    def make(self, *flags):
        self.run_in(self.home, 'stoa', 'plugin', 'new', 'visits', *flags)
        place = self.home / 'visits'
        self.run_in(place, 'cmake', '-B', 'build')
        self.run_in(place, 'cmake', '--build', 'build')
        out = self.run_in(place, 'ctest', '--test-dir', 'build').stdout
        self.assertIn('100% tests passed', out)
        self.assertEqual([], [path for path in place.rglob('*') if 'build' not in path.parts and path.is_file() and
                              re.search(r'@[A-Z]+@', path.read_text())])
        return place

    def serve(self, place):
        shutil.copy(place / 'build/visits.so', self.prefix / 'lib/stoa/plugins/visits.so')
        self.addCleanup((self.prefix / 'lib/stoa/plugins/visits.so').unlink)
        self.forum({**self.env, 'STOA__PLUGINS__ENABLED': 'auth,posts,visits'})
        self.assertEqual(self.fetch('/api/v1/x/visits/visits'), '{"visits":0}')
        self.assertIn('0 came by.', self.fetch('/x/visits'))
        self.assertIn('/api/v1/x/visits/visits', json.loads(self.fetch('/api/v1/openapi.json'))['paths'])
        return next(item for item in json.loads(self.fetch('/api/v1/plugins'))['items'] if item['id'] == 'visits')

    def test_cpp_with_a_browser_side(self):
        plugin = self.serve(self.make('--ui'))
        self.assertIn('export function activate(sdk)', self.fetch(self.module(plugin)))

    def test_an_editor_finds_the_types(self):
        self.run_in(self.home, 'stoa', 'plugin', 'new', 'typed', '--ui')
        config = json.loads((self.home / 'typed/jsconfig.json').read_text())
        [types] = config['compilerOptions']['paths']['*']
        for name in ('preact', 'preact/hooks', '@preact/signals', 'htm/preact', '@stoa/sdk'):
            package = pathlib.Path(types.replace('*', name))
            declared = json.loads((package / 'package.json').read_text())['types']
            self.assertTrue((package / declared).is_file(), f'{package}/{declared}')
        self.assertIn('browser.md', (self.prefix / 'share/stoa/sdk/README.md').read_text())
        self.assertTrue((self.prefix / 'share/stoa/sdk/docs/browser.md').is_file())

    def test_c(self):
        self.serve(self.make('--c'))

    def module(self, plugin):
        return next(value for value in self.texts(plugin) if value.startswith('/plugins/visits/'))

    def texts(self, value):
        if isinstance(value, dict):
            for each in value.values():
                yield from self.texts(each)
        elif isinstance(value, list):
            for each in value:
                yield from self.texts(each)
        elif isinstance(value, str):
            yield value

    def test_refusals(self):
        for name in ('Visits', '1st', 'a', 'a-b', '../x', 'a' * 33, 'auth', 'stoa'):
            self.assertIn(name, self.run_in(self.home, 'stoa', 'plugin', 'new', name, status=64).stderr)
        self.run_in(self.home, 'stoa', 'plugin', 'new', status=64)
        (self.home / 'there').mkdir()
        self.assertIn('exists already', self.run_in(self.home, 'stoa', 'plugin', 'new', 'there', status=78).stderr)
        (self.home / 'a_file').write_text('')
        self.assertIn('exists already', self.run_in(self.home, 'stoa', 'plugin', 'new', 'a_file', status=78).stderr)
        self.assertEqual((self.home / 'a_file').read_text(), '')


class Examples(AuthorTest):
    """Each example builds and passes its tests out of the tree."""

    def test_each(self):
        examples = sorted(path for path in (self.prefix / 'share/stoa/sdk/examples').iterdir() if path.is_dir())
        self.assertGreaterEqual(len(examples), 2)
        for example in examples:
            place = self.home / example.name
            shutil.copytree(example, place)
            self.run_in(place, 'cmake', '-B', 'build')
            self.run_in(place, 'cmake', '--build', 'build')
            self.assertIn('100% tests passed', self.run_in(place, 'ctest', '--test-dir', 'build').stdout)


class Tools(AuthorTest):
    def built(self):
        self.run_in(self.home, 'stoa', 'plugin', 'new', 'visits', '--c')
        place = self.home / 'visits'
        self.run_in(place, 'cmake', '-B', 'build')
        self.run_in(place, 'cmake', '--build', 'build', '--target', 'visits')
        return place

    def test_pack(self):
        place = self.built()
        self.run_in(place, 'stoa', 'plugin', 'pack')
        machine = os.uname().machine
        archive = place / f'visits-0.1.0-linux-{machine}.tar.gz'
        first = archive.read_bytes()
        self.run_in(self.home, 'stoa', 'plugin', 'pack', place / 'build/visits.so', '-o', self.home / 'again.tar.gz')
        self.assertEqual(first, (self.home / 'again.tar.gz').read_bytes())
        unpacked = self.home / 'unpacked'
        with tarfile.open(archive) as tar:
            self.assertEqual(sorted(tar.getnames()), ['SHA256SUMS', 'plugin-summary.json', 'visits.so'])
            tar.extractall(unpacked)
        self.run_in(unpacked, 'sha256sum', '--check', 'SHA256SUMS')
        summary = json.loads((unpacked / 'plugin-summary.json').read_text())
        self.assertEqual((summary['id'], summary['version'], summary['requires']), ('visits', '0.1.0', ['auth']))
        self.assertLess((unpacked / 'visits.so').stat().st_size, (place / 'build/visits.so').stat().st_size)
        shutil.copy(unpacked / 'visits.so', self.prefix / 'lib/stoa/plugins/visits.so')
        self.addCleanup((self.prefix / 'lib/stoa/plugins/visits.so').unlink)
        self.forum({**self.env, 'STOA__PLUGINS__ENABLED': 'auth,visits'})
        self.assertEqual(self.fetch('/api/v1/x/visits/visits'), '{"visits":0}')

    def test_what_an_operator_does(self):
        """docs/packing.md to the letter; only the plugin and the prefix are others."""
        place = self.built()
        self.run_in(place, 'stoa', 'plugin', 'pack')
        archive = f'visits-0.1.0-linux-{os.uname().machine}.tar.gz'
        shutil.copy(place / archive, self.home / 'operator.tar.gz')
        shutil.rmtree(place)
        (self.home / 'operator.tar.gz').rename(self.home / archive)
        self.addCleanup(lambda: (self.prefix / 'lib/stoa/plugins/visits.so').unlink(missing_ok=True))
        self.forum()
        page = (self.prefix / 'share/stoa/sdk/docs/packing.md').read_text()
        [commands] = [content for _, language, content in blocks(page) if language == 'sh']
        commands = commands.replace('hello-0.1.0-linux-x86_64.tar.gz', archive).replace('hello', 'visits')
        self.run_in(self.home, 'bash', '-ec', commands.replace('/usr/local', str(self.prefix)))
        self.assertEqual(self.fetch('/api/v1/x/visits/visits'), '{"visits":0}')

    def test_pack_refuses(self):
        self.assertIn('plugin.json', self.run_in(self.home, 'stoa', 'plugin', 'pack', status=64).stderr)
        self.run_in(self.home, 'stoa', 'plugin', 'new', 'visits')
        self.assertIn('build the plugin first', self.run_in(self.home, 'stoa', 'plugin', 'pack', 'visits', status=64).stderr)
        (self.home / 'x.so').write_text('no library')
        self.assertIn('x.so', self.run_in(self.home, 'stoa', 'plugin', 'pack', 'x.so', status=64).stderr)

    def test_dev_builds_at_every_save(self):
        place = self.built()
        log = self.home / 'dev.log'
        installed = self.prefix / 'lib/stoa/plugins/visits.so'
        with open(log, 'w') as out:
            process = subprocess.Popen(['stoa', 'plugin', 'dev', 'visits'], cwd=self.home, env=self.env, stdout=out, stderr=out)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.addCleanup(lambda: installed.unlink(missing_ok=True))

        def waits(times):
            self.eventually(lambda: log.read_text().count('Waiting for a save') == times, f'{times} builds: {log}')
        waits(1)
        self.assertIn('No forum runs', log.read_text())
        first = installed.read_bytes()
        source = place / 'plugin.c'
        good = source.read_text()
        source.write_text(good.replace('came by.', 'came by;').replace('free(self);', 'free(self)', 1))
        waits(2)
        self.assertIn('error:', log.read_text())
        self.assertEqual(installed.read_bytes(), first)
        source.write_text(good.replace('came by.', 'came by;'))
        waits(3)
        self.assertIn(b'came by;', installed.read_bytes())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(PATIENCE), 0)
        self.assertIn('Ended.', log.read_text())
        self.assertIn('plugin.json', self.run_in(self.home, 'stoa', 'plugin', 'dev', '.', status=64).stderr)

    def test_dev_upgrades_in_a_running_forum(self):
        place = self.built()
        self.addCleanup(lambda: (self.prefix / 'lib/stoa/plugins/visits.so').unlink(missing_ok=True))
        self.forum()
        log = self.home / 'dev.log'
        with open(log, 'w') as out:
            process = subprocess.Popen(['stoa', 'plugin', 'dev', place], cwd=self.home, env=self.env, stdout=out, stderr=out)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.eventually(lambda: 'came by.' in (self.answers('/x/visits') or ''), 'the plugin is enabled')
        source = place / 'plugin.c'
        source.write_text(source.read_text().replace('came by.', 'were here.'))
        self.eventually(lambda: 'were here.' in (self.answers('/x/visits') or ''), 'the plugin is upgraded')
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(PATIENCE), 0, log.read_text())
        self.assertIn('were here.', self.fetch('/x/visits'))


if __name__ == '__main__':
    unittest.main(verbosity=2)
