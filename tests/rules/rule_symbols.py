"""What the bundled plugins' libraries show, hold and need."""

import pathlib
import re
import subprocess
import tempfile

from house import Skip

ENTRY = 'stoa_plugin_v1'
SECTIONS = ('.note.stoa', '.stoa.manifest')
# What any C++ library needs, and what each plugin may need besides.
BASE = r'libstdc\+\+|libgcc_s|libc|libm|ld-linux[\w-]*'
OWN = {'auth': r'libsodium|libcrypto', 'chat': r'libmd4c', 'posts': r'libmd4c', 'notification': None}
SANITIZERS = r'libasan|libubsan|libtsan|liblsan|libclang_rt[\w.-]*'
# Marks a sanitizer leaves in what it compiles.
SANITIZER_EXPORTS = re.compile(r'__(odr_asan|asan|ubsan|tsan|lsan|sanitizer)')


def output_of(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def plain(symbol):
    return symbol.split('@')[0]


def needed(library):
    return re.findall(r'\(NEEDED\).*\[(.+)\]', output_of('readelf', '-dW', library))


def is_sanitized(library):
    return any(re.match(SANITIZERS, name) for name in needed(library)) or bool(
        re.search(r' U __(asan|ubsan|tsan)_', output_of('nm', '-D', '--undefined-only', library)))


def exports(library):
    found = []
    for line in output_of('nm', '-D', '--defined-only', library).splitlines():
        kind, name = line.split()[-2:]
        if kind in 'aA':  # the name of a version, not a symbol
            continue
        found.append(plain(name))
    extra = [name for name in found if name != ENTRY and not (is_sanitized(library) and SANITIZER_EXPORTS.match(name))]
    if found.count(ENTRY) != 1:
        yield f'{library.name} does not export {ENTRY}'
    yield from (f'{library.name} exports {name}' for name in extra)


def sections(library):
    there = set(re.findall(r'^\s*\[\s*\d+\]\s+(\S+)', output_of('readelf', '-SW', library), re.MULTILINE))
    yield from (f'{library.name} has no section {name}' for name in SECTIONS if name not in there)


def unique(library):
    """A STB_GNU_UNIQUE symbol pins a library in memory for ever."""
    for line in output_of('readelf', '-sW', library).splitlines():
        if ' UNIQUE ' in line:
            yield f'{library.name} has the unique symbol {line.split()[-1]}'


def libraries(library, own=''):
    allowed = '|'.join(part for part in (BASE, own, SANITIZERS if is_sanitized(library) else '') if part)
    for name in needed(library):
        if not re.match(rf'({allowed})\.so', name):
            yield f'{library.name} needs {name}'


def undefined(library):
    """Each symbol a plugin takes from elsewhere is one of the libraries it names, never of the host."""
    if is_sanitized(library):
        raise Skip('a sanitizer is on; its runtime is found when the plugin is loaded')
    offered = set()
    paths = dict(re.findall(r'^\s*(\S+) => (\S+)', output_of('ldd', library), re.MULTILINE))
    for name in needed(library):
        path = paths.get(name) or next((p for p in re.findall(r'(\S+) \(0x', output_of('ldd', library)) if p.endswith(name)), None)
        if path:
            offered |= {plain(line.split()[-1]) for line in output_of('nm', '-D', '--defined-only', path).splitlines()}
    for line in output_of('nm', '-D', '--undefined-only', library).splitlines():
        kind, name = line.split()[-2:]
        if kind not in 'wv' and plain(name) not in offered:
            yield f'{library.name} takes {name} from none of its libraries'


def of_each(judge):
    def check(house):
        if not house.build:
            raise Skip('no --build')
        violations = []
        for plugin in house.plugins():
            path = house.plugin_file(plugin)
            if not path.exists():
                violations.append(f'plugin {plugin} was not built: no {path.name}')
            else:
                violations += judge(path, plugin)
        return violations
    return check


CHECKS = {
    f'a plugin exports {ENTRY} and nothing else': of_each(lambda path, _: exports(path)),
    'a plugin has its sections': of_each(lambda path, _: sections(path)),
    'a plugin has no unique symbols': of_each(lambda path, _: unique(path)),
    'a plugin needs only libraries it may have': of_each(lambda path, plugin: libraries(path, OWN.get(plugin) or '')),
    'a plugin takes symbols from its libraries only': of_each(lambda path, _: undefined(path)),
}


def _library(judge, code, *flags):
    def mutant():
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / 'mutant.cpp'
            source.write_text(code)
            library = source.with_suffix('.so')
            subprocess.run(['g++', '-std=c++17', '-shared', '-fPIC', '-o', str(library), str(source), *flags], check=True)
            return list(judge(library))
    return mutant


_ENTRY = 'extern "C" const int stoa_plugin_v1 = 1;\n'
MUTANTS = {
    'a second export': _library(exports, _ENTRY + 'extern "C" int other() { return 1; }\n'),
    'a missing entry': _library(exports, 'namespace { int nothing; }\n'),
    'missing sections': _library(sections, _ENTRY),
    'a unique symbol': _library(
        unique, 'template <class T> struct S { static int value; };\ntemplate <class T> int S<T>::value = 1;\n'
        'int use() { return S<int>::value; }\n'),
    'an undeclared library': _library(libraries, 'int nothing;\n', '-Wl,--no-as-needed', '-lz'),
    'a symbol of the host': _library(undefined, 'int host_call();\nint use() { return host_call(); }\n'),
}
