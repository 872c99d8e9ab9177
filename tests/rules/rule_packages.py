"""What the scripts call is installed by config/packages.txt; what npm installs is pinned without addresses."""

import json
import re

from house import MemoryHouse

LIST = 'config/packages.txt'
SCRIPTS = ('dev', '.ci/run')
# Of Debian's essential packages and their like, and of the package manager itself.
ESSENTIAL = set('''
apt-get awk basename bash cat chmod cmp comm cp cut date dirname dpkg-query du env find grep head id kill ln ls mkdir mktemp mv
nproc printf readlink realpath rm sed seq sh sleep sort stat sudo tail tar tee test touch tr true uname uniq wc xargs
'''.split())
PACKAGES = {
    'ccache': 'ccache', 'chromium': 'chromium', 'clang': 'clang', 'clang++': 'clang', 'clang-format-14': 'clang-format-14',
    'clang-tidy-14': 'clang-tidy-14', 'cmake': 'cmake', 'cpack': 'cmake', 'ctest': 'cmake', 'curl': 'curl', 'g++': 'g++', 'gcc': 'g++',
    'git': 'git', 'ninja': 'ninja-build', 'nginx': 'nginx-light', 'node': 'nodejs', 'npm': 'npm', 'npx': 'npm', 'nm': 'g++',
    'pgrep': 'procps', 'pkg-config': 'pkg-config', 'pkill': 'procps', 'ps': 'procps', 'python3': 'python3', 'sqlite3': 'sqlite3',
}
BUILTIN = set('''
: . [ [[ alias bg break builtin cd command continue declare echo eval exec exit export false getopts hash help let local mapfile
popd printf pushd pwd read readonly return set shift shopt source test times trap true type ulimit umask unset wait
'''.split())
KEYWORDS = {'if', 'then', 'else', 'elif', 'fi', 'for', 'while', 'until', 'do', 'done', 'case', 'esac', 'in', 'function', '{', '}', '!', 'time', 'select'}
# Commands that run what follows them.
CARRIERS = {'exec', 'env', 'command', 'sudo', 'nice', 'xargs', 'time'}


def listed(house):
    """({package}, mistakes)"""
    packages, mistakes = [], []
    for number, line in enumerate(house.text(LIST).splitlines(), 1):
        words = line.split('#')[0].split()
        if not words:
            continue
        if words[0].startswith('command:'):
            if len(words) != 2 or words[0] == 'command:':
                mistakes.append(f'{LIST}:{number}: after "command:<name>" comes one package')
                continue
            words = words[1:]
        if len(words) != 1 or not re.fullmatch(r'[a-z0-9][a-z0-9+.-]+', words[0]):
            mistakes.append(f'{LIST}:{number}: not the name of a package: {line.strip()}')
        packages.append(words[0])
    mistakes += [f'{LIST}: {name} is there twice' for name in sorted(set(packages)) if packages.count(name) > 1]
    return set(packages), mistakes


def commands(text):
    """(line, name) of what a shell script calls, as far as one can tell without running it."""
    functions = set(re.findall(r'^\s*(?:function\s+)?([\w-]+)\s*\(\)', text, re.MULTILINE))
    steps = {name for name in functions if re.search(r'\bstep\b', name)}
    text = re.sub(r"<<'?(\w+)'?\n.*?^\1$", lambda m: '\n' * m[0].count('\n'), text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r'(?:^|(?<=\s))#[^\n]*', '', text)
    text = re.sub(r"'[^'\n]*'", 'WORD', text)
    text = re.sub(r'\\\n', '  ', text)
    for number, line in enumerate(text.split('\n'), 1):
        line = re.sub(r'\[\[.*?\]\]', '[', line)
        line = re.sub(r'\$\{[^}]*\}|\$\(\([^)]*\)\)|\(\([^)]*\)\)', 'WORD', line)
        line = re.sub(r'^\s*[\w |./*-]+\)(?=\s)', '', line) if re.match(r'^\s*[\w |./*-]+\)\s', line) else line  # a case
        line = re.sub(r'"((?:[^"\\]|\\.)*)"', lambda m: ' '.join(['WORD', *re.findall(r'\$\([^)]*\)', m[1])]), line)
        line = re.sub(r'^\s*[\w-]+\s*\(\)\s*\{', '', line)
        line = re.sub(r'[\w]+\+?=\([^)$]*\)', '', line)  # an array
        for part in re.split(r'\|\||&&|[|;&()]|\$\(|`', line):
            words = part.split()
            while words:
                word = words[0]
                if word == 'for' or word == 'case' or word == 'select':
                    break
                if word in KEYWORDS or re.match(r'^\w+\+?=', word) or word in CARRIERS or re.match(r'^-|^[0-9]*[<>]', word):
                    words = words[1:]
                    if word in CARRIERS and word not in BUILTIN:
                        yield number, word
                    continue
                if word in ('step', 'as_root') and word in functions | steps:
                    words = words[2:] if word == 'step' else words[1:]
                    continue
                if word not in BUILTIN and word not in functions and re.fullmatch(r'[a-z][\w+.-]*', word):
                    yield number, word
                break


def known_commands(house):
    packages, _ = listed(house)
    violations = []
    there = set(house.files())
    for path in SCRIPTS:
        if path not in there:
            violations.append(f'there is no {path}')
            continue
        for line, name in commands(house.text(path)):
            if name in ESSENTIAL:
                continue
            if name not in PACKAGES:
                violations.append(f'{path}:{line}: which package has the command {name}?')
            elif PACKAGES[name] not in packages:
                violations.append(f'{path}:{line}: {name} needs {PACKAGES[name]}, which {LIST} lacks')
    return sorted(set(violations))


def locks(house):
    """`npm ci` then asks the registry it is set to; the integrity sums pin the bytes."""
    violations = []
    for path in house.files('package-lock.json'):
        for name, package in json.loads(house.text(path)).get('packages', {}).items():
            if 'resolved' in package:
                violations.append(f'{path}: {name} is bound to {package["resolved"]}')
            elif name and not package.get('link') and 'integrity' not in package:
                violations.append(f'{path}: {name} has no sum')
    return violations


def locked(house):
    files = set(house.files())
    return [f'{path}: no package-lock.json beside it' for path in files
            if path.endswith('package.json') and not path.startswith('tests/fuzz/')
            and any(json.loads(house.text(path)).get(kind) for kind in ('dependencies', 'devDependencies'))
            and path.replace('package.json', 'package-lock.json') not in files]


CHECKS = {
    'the list can be read': lambda house: listed(house)[1],
    'commands of the scripts are listed': known_commands,
    'npm packages are locked': locked,
    'locks bind to sums, not to addresses': locks,
}


def _script(text):
    return lambda: [v for v in known_commands(MemoryHouse({LIST: 'cmake\n', 'dev': text, '.ci/run': 'exec ./dev test\n'}))]


def _lock(**package):
    return lambda: locks(MemoryHouse({'frontend/package-lock.json': json.dumps({'packages': {'': {}, 'node_modules/a': package}})}))


MUTANTS = {
    'an unknown command': _script('build() {\n  cmake --build x && frobnicate y\n}\n'),
    'a command whose package is missing': _script('x=$(echo "$(sqlite3 a)")\n'),
    'a carried command': _script('if true; then exec env A=1 nginx -g x; fi\n'),
    'a package that is there twice': lambda: listed(MemoryHouse({LIST: 'cmake\ngit\ncmake # again\n'}))[1],
    'a lock with an address': _lock(resolved='https://registry.example/a.tgz', integrity='sha512-x'),
    'a lock without a sum': _lock(version='1.0.0'),
    'dependencies without a lock': lambda: locked(MemoryHouse({'frontend/package.json': '{"dependencies": {"a": "1"}}'})),
}
