"""The tree as one finds it: nothing unfinished, nothing of one machine, nothing too long."""

import re

from house import MemoryHouse, line_of

UNFINISHED = re.compile(r'\b(?:%s)\b' % '|'.join(('TO' + 'DO', 'FIX' + 'ME', 'X' * 3, 'HA' + 'CK')))
# A place of somebody's machine.
PLACES = re.compile(r'(?<![\w.}:/-])/(?:%s)/[\w.-]+' % '|'.join(('work', 'home', 'root', 'Users', 'mnt')))
MOST_LINES = 400
# Longer ones, with the most lines each may have. This list only shrinks.
LONGER = {
    'sdk/include/stoa/stoa.h': 700,
}
NEEDED = ['LICENSE', 'README.md']
TOP = {'CMakeLists.txt', 'CMakePresets.json', 'LICENSE', 'README.md', 'config', 'core', 'dev', 'frontend', 'plugins', 'sdk', 'tests'}
BINARY = ('.png', '.jpg', '.jpeg', '.webp', '.ico', '.woff2', '.gz', '.so', '.db', '.bin', '.wasm')
# Raw inputs: each byte of them is meant.
RAW = ('tests/fuzz/corpus/', 'tests/fuzz/corpora/', 'tests/sdk/golden/', 'tests/sdk/corpus/')


def text_files(house):
    for path in house.files():
        if not path.endswith(BINARY) and not path.startswith(RAW):
            text = house.text(path)
            if '\0' not in text:
                yield path, text


def unfinished(house):
    return [f'{path}:{line_of(text, m.start())}: {m[0]}' for path, text in text_files(house)
            if not path.endswith('package-lock.json') for m in UNFINISHED.finditer(text)]


def places(house):
    return [f'{path}:{line_of(text, m.start())}: {m[0]}' for path, text in text_files(house) for m in PLACES.finditer(text)]


def needed(house):
    there = set(house.files())
    return [f'there is no {path}' for path in NEEDED if path not in there]


def top(house):
    return [f'{name} does not belong at the top' for name in sorted({path.split('/')[0] for path in house.files()})
            if name not in TOP and not name.startswith('.')]


def line_ends(house):
    violations = []
    for path, text in text_files(house):
        if text and not text.endswith('\n'):
            violations.append(f'{path}: its last line has no end')
        elif text.endswith('\n\n'):
            violations.append(f'{path}: it ends with an empty line')
        if '\r' in text:
            violations.append(f'{path}: it has carriage returns')
        blank = re.search(r'[ \t]+$', text, re.MULTILINE)
        if blank and not path.endswith('.md'):
            violations.append(f'{path}:{line_of(text, blank.start())}: blanks at the end of a line')
    return violations


def lengths(house):
    violations = []
    sizes = {path: house.text(path).count('\n') for path in house.files('.cpp', '.hpp', '.h', '.c', '.cc')}
    for path, lines in sizes.items():
        if lines > LONGER.get(path, MOST_LINES):
            violations.append(f'{path}: {lines} lines, more than {LONGER.get(path, MOST_LINES)}')
    for path in LONGER:
        if sizes.get(path, 0) <= MOST_LINES:
            violations.append(f'{path}: it needs no exception')
    return violations


CHECKS = {
    'nothing is marked as unfinished': unfinished,
    'no place of one machine is named': places,
    'licence and introduction are there': needed,
    'the top level is what it should be': top,
    'lines end as they should': line_ends,
    f'no C++ file is longer than {MOST_LINES} lines': lengths,
}


def _mutant(check, path, text):
    return lambda: check(MemoryHouse({path: text}))


MUTANTS = {
    'an unfinished spot': _mutant(unfinished, 'core/a.cpp', '// TO' 'DO: later\n'),
    'a path of a machine': _mutant(places, 'a.md', 'See `/ho' 'me/ann/stoa`.\n'),
    'a missing introduction': _mutant(needed, 'LICENSE', 'MIT\n'),
    'a stray file': _mutant(top, 'notes.txt', 'x\n'),
    'a last line without an end': _mutant(line_ends, 'a.md', 'x'),
    'blanks at the end of a line': _mutant(line_ends, 'a.cpp', 'x; \ny;\n'),
    'a long file': lambda: [v for v in lengths(MemoryHouse({'core/a.cpp': '\n' * (MOST_LINES + 1)})) if v.startswith('core/a.cpp')],
    'an exception that is not needed': _mutant(lengths, 'sdk/include/stoa/stoa.h', '\n'),
}
