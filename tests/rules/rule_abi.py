"""The binary contract of every release holds: tests/sdk/abi.py, and what it must catch."""

import pathlib
import re
import shutil
import sys
import tempfile

from house import Skip

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / 'sdk'))

import abi  # noqa: E402


def same_for(compiler):
    def check(house):
        if not shutil.which(compiler):
            raise Skip(f'no {compiler} here')
        include = house.root / 'sdk/include'
        return [] if abi.layout(include, compiler) == abi.layout(include) else [f'{compiler} lays the structs out in another way']
    return check


def smaller_tables(golden, include, released):
    """What `stoa plugin validate` pretends the host's tables to be is what earlier releases had."""
    today = {struct: size for struct, (size, _) in abi.structs_of(abi.layout(include)).items() if struct.endswith('_v1')}
    smaller = {struct: set() for struct in today}
    for path in abi.files(golden):
        for struct, (size, _) in abi.structs_of(abi.released_text(path)[1]).items():
            if struct in today and size < today[struct]:
                smaller[struct].add(size)
    found = []
    for struct in today:
        name = re.fullmatch(r'stoa_(\w+)_v1', struct)[1].upper()
        row = re.search(rf'\{{STOA_{name}_ID, \{{([\d, ]*)\}}\}}', released)
        if name == 'IDENTITY':  # a plugin's, not the host's
            continue
        if not row:
            found.append(f'released.cpp does not know {struct}')
        elif {int(size) for size in re.findall(r'\d+', row[1])} != smaller[struct]:
            found.append(f'released.cpp: {struct} had the sizes {sorted(smaller[struct])}')
    return found


RELEASED = 'core/src/validate/released.cpp'
CHECKS = {
    'released.cpp knows every released size': lambda house: smaller_tables(
        house.root / 'tests/sdk/golden', house.root / 'sdk/include', house.text(RELEASED)),
    'every release is a prefix of today': lambda house: abi.broken_promises(house.root / 'tests/sdk/golden', house.root / 'sdk/include'),
    'the headers keep the rules at their head': lambda house: abi.against_the_rules(house.root / 'sdk/include'),
    'clang lays out what gcc does': same_for('clang'),
}


# Each change of (old, new) in stoa.h, where today's headers stand for a release.
def _changed(changes, judge):
    with tempfile.TemporaryDirectory() as folder:
        include = pathlib.Path(folder) / 'include'
        shutil.copytree(abi.INCLUDE, include)
        header = include / 'stoa/stoa.h'
        text = header.read_text()
        for old, new in changes:
            if text.count(old) != 1:
                raise ValueError(f'the mutant no longer fits: {old!r}')
            text = text.replace(old, new)
        header.write_text(text)
        return judge(include)


def _breaks(*changes):
    return lambda: _changed(changes, lambda include: abi.breaks(abi.layout(abi.INCLUDE), include))


# What a later release may do.
CHECKS['an append passes'] = lambda house: _breaks(
    ('  stoa_status (*health)(void* self, const stoa_sink* detail);\n',
     '  stoa_status (*health)(void* self, const stoa_sink* detail);\n  void (*later)(void* self);\n'),
    ('  STOA_E_ARGUMENT = 19 ', '  STOA_E_LATER = 20,\n  STOA_E_ARGUMENT = 19 '))()


def _bad(*changes):
    return lambda: _changed(changes, abi.against_the_rules)


def _released_then(change):
    """broken_promises of a golden folder whose one release has its sum, then was changed."""
    def mutant():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / '1.0/layout.txt'
            path.parent.mkdir()
            path.write_text('state unreleased\n')
            abi.rewrite(pathlib.Path(folder), abi.INCLUDE, False)
            if abi.broken_promises(pathlib.Path(folder), abi.INCLUDE):
                return []
            abi.rewrite(pathlib.Path(folder), abi.INCLUDE, True)
            if abi.broken_promises(pathlib.Path(folder), abi.INCLUDE):
                return []
            return change(pathlib.Path(folder), path)
    return mutant


def _edit(folder, path):
    path.write_text(path.read_text().replace('constant STOA_E_TIMEOUT 13', 'constant STOA_E_TIMEOUT 14'))
    return abi.broken_promises(folder, abi.INCLUDE)


def _rewrite(folder, path):
    before = path.read_text()
    try:
        abi.rewrite(folder, abi.INCLUDE, False)
    except SystemExit as refusal:
        return [str(refusal)] if path.read_text() == before else []
    return []


def _outdated(folder, path):
    path.write_text(path.read_text().replace(path.read_text().split('\n')[0], 'state unreleased', 1).replace('TIMEOUT 13', 'TIMEOUT 14'))
    return abi.broken_promises(folder, abi.INCLUDE)


def _smaller(change):
    """A release of old, in which a table was smaller, of which released.cpp says nothing, or something wrong."""
    def mutant():
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / '0.9/layout.txt'
            path.parent.mkdir()
            path.write_text('state unreleased\nstruct stoa_clock_v1 16\n  0 4 size uint32_t\n')
            return smaller_tables(pathlib.Path(folder), abi.INCLUDE, change((abi.ROOT / RELEASED).read_text()))
    return mutant


MUTANTS = {
    'a released size that is not known': _smaller(lambda text: text),
    'a table that is not known': _smaller(lambda text: text.replace('STOA_CLOCK_ID', 'STOA_CLOCKS_ID')),
    'two slots in another order': _breaks(
        ('  stoa_str (*method)(const stoa_request* request);\n', ''),
        ('  stoa_str (*body)(const stoa_request* request);\n',
         '  stoa_str (*body)(const stoa_request* request);\n  stoa_str (*method)(const stoa_request* request);\n')),
    'a member in front': _breaks(('typedef struct stoa_migration {\n', 'typedef struct stoa_migration {\n  uint64_t early;\n')),
    'a slot in the middle': _breaks(
        ('  /* [worker] Exactly one of these, once. */', '  void (*between)(void);\n  /* [worker] Exactly one of these, once. */')),
    'a member of another type': _breaks(('  int64_t user_id;\n  stoa_str nickname;', '  uint64_t user_id;\n  stoa_str nickname;')),
    'a slot taken away': _breaks(('  void (*release)(stoa_ctx* ctx, stoa_lease lease);\n', '')),
    'a slot with another name': _breaks(('int (*allowed)(', 'int (*permitted)(')),
    'a constant of another value': _breaks(('STOA_E_STALE = 17', 'STOA_E_STALE = 21')),
    'a constant taken away': _breaks(('STOA_HOOK_REJECTED = 2, ', '')),
    'a function with another argument': _breaks(
        ('stoa_status (*drain)(void* self, uint32_t deadline_ms)', 'stoa_status (*drain)(void* self, int32_t deadline_ms)')),
    'a function with one argument more': _breaks(
        ('int64_t (*last_insert_id)(stoa_tx* tx)', 'int64_t (*last_insert_id)(stoa_tx* tx, int which)')),
    'a function that gives something else': _breaks(('int64_t (*monotonic_ms)(', 'uint64_t (*monotonic_ms)(')),
    'a callback of another type': _breaks(('typedef stoa_status (*stoa_tx_fn)(', 'typedef void (*stoa_tx_fn)(')),
    'a wider number type': _breaks(('typedef uint32_t stoa_auth;', 'typedef uint64_t stoa_auth;')),
    'a frozen type that grows': _breaks(('  stoa_str value;\n} stoa_kv;', '  stoa_str value;\n  uint64_t more;\n} stoa_kv;')),
    'a larger union of a frozen type': _breaks(('    double real;\n', '    double real;\n    char bytes[24];\n')),
    'a table with another name': _breaks(('"stoa.clock/1"', '"stoa.time/1"')),
    'another entry': _breaks(('STOA_EXPORT const stoa_plugin_desc* stoa_plugin_v1(void)', 'STOA_EXPORT void stoa_plugin_v1(void)')),
    'a struct without its size': _bad(('  uint32_t size;\n  uint32_t number;', '  uint32_t length;\n  uint32_t number;')),
    'a struct that may grow, as a value': _bad(('(*now_ms)(stoa_ctx* ctx)', '(*now_ms)(stoa_event event)')),
    'padding at an end': _bad(('  uint32_t reserved;\n  stoa_str current;', '  stoa_str current;\n  uint32_t reserved;')),
    'a released layout that was edited': _released_then(_edit),
    'a released layout written anew': _released_then(_rewrite),
    'a layout that is behind the headers': _released_then(_outdated),
}
