"""Every SQL statement of a plugin was prepared by some server of the integration tests.

Their debug logs are left in a directory by STOA_TEST_LOGS=<directory>; each statement is a line there when it is first
prepared, with its plugin and its text.
"""

import pathlib
import re
import tempfile

from house import MemoryHouse, Skip, sql_without_comments
from rule_sql import statement_files

_LINE = re.compile(rb'msg="Statement prepared\." plugin="(\w+)" sql="((?:[^"\\]|\\.)*)"')
_ESCAPE = re.compile(rb'\\(?:x([0-9a-f]{2})|(.))', re.DOTALL)
# (plugin, name): why no test can run it.
EXCEPTIONS = {}


def unescaped(text):
    def one(match):
        return bytes([int(match[1], 16)]) if match[1] else {b'n': b'\n'}.get(match[2], match[2])
    return _ESCAPE.sub(one, text).decode('utf-8', 'replace')


def canonical(text):
    return ' '.join(sql_without_comments(text).split()).removesuffix(';').strip()


def prepared(directory):
    logs = sorted(directory.glob('*.log'))
    if not logs:
        raise FileNotFoundError(f'no logs in {directory}')
    return {(match[1].decode(), canonical(unescaped(match[2]))) for log in logs for match in _LINE.finditer(log.read_bytes())}


def executed(house):
    if not house.statements:
        raise Skip('no --statements')
    seen = prepared(house.statements)
    violations = []
    for path in statement_files(house):
        plugin, name = path.split('/')[1], path.rsplit('/', 1)[-1].removesuffix('.sql')
        ran = (plugin, canonical(house.text(path))) in seen
        if ran and (plugin, name) in EXCEPTIONS:
            violations.append(f'{path}: the exception is not needed')
        elif not ran and (plugin, name) not in EXCEPTIONS:
            violations.append(f'{path}: no test executed it')
    return violations


CHECKS = {'each statement was executed by a test': executed}


def _mutant(log):
    def mutant():
        good = b'time=x level=debug msg="Statement prepared." plugin="chat" sql="SELECT \\"a\\"\\n  FROM chat_a"\n'
        house = MemoryHouse({'plugins/chat/sql/find.sql': 'SELECT "a" -- the name\nFROM chat_a\n'})
        with tempfile.TemporaryDirectory() as folder:
            house.statements = pathlib.Path(folder)
            (house.statements / 'a.log').write_bytes(good)
            if executed(house):
                raise AssertionError('the example itself is judged bad')
            (house.statements / 'a.log').write_bytes(log(good))
            return executed(house)
    return mutant


MUTANTS = {
    'a statement nobody ran': _mutant(lambda good: good.replace(b'FROM chat_a', b'FROM chat_b')),
    'a statement that another plugin ran': _mutant(lambda good: good.replace(b'plugin="chat"', b'plugin="posts"')),
}
