#!/usr/bin/env python3
"""The binary contract of each release, as text: tests/sdk/golden/<release>/layout.txt.

  abi.py check                what the headers break of it
  abi.py regenerate           writes the layout of the release that is not out yet; refuses to touch one that is
  abi.py release              marks that layout as released: from then on it never changes

A layout lists every struct with the offset, size and type of each member, every constant, every table's function. A release
that is out is a prefix of every later one: structs only grow at their end, everything else stays as it is.
"""

import dataclasses
import hashlib
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / 'sdk/include'
GOLDEN = ROOT / 'tests/sdk/golden'
# Value types without a size: frozen whole.
FROZEN = ('stoa_str', 'stoa_kv', 'stoa_sink', 'stoa_value')
# Not part of the contract: which SDK this is, and what it is compiled with.
FREE = ('STOA_SDK_VERSION', 'STOA_COMPILER')
PLAIN = {'void', 'char', 'int', 'double', 'size_t', 'int32_t', 'uint32_t', 'int64_t', 'uint64_t'}


@dataclasses.dataclass
class Contract:
    """Types in C, typedefs of numbers and functions resolved. A member of a union has the path "as.integer"."""

    structs: dict = dataclasses.field(default_factory=dict)  # name: [(path, type)]
    opaque: list = dataclasses.field(default_factory=list)
    scalars: dict = dataclasses.field(default_factory=dict)
    constants: list = dataclasses.field(default_factory=list)
    macros: dict = dataclasses.field(default_factory=dict)
    functions: dict = dataclasses.field(default_factory=dict)


def headers(include):
    """stoa.h first: the others use its types."""
    return sorted((str(p.relative_to(include)) for p in include.rglob('*.h')), key=lambda p: (not p.endswith('stoa.h'), p))


# ---- Reading the headers

def split(text, mark):
    """At the marks that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in '({[') - (char in ')}]')
        if char == mark and depth == 0:
            parts.append(text[start:at])
            start = at + 1
    return [part.strip() for part in parts + [text[start:]] if part.strip()]


class Reader:
    def __init__(self, include):
        self.contract = Contract()
        self.callbacks = {}
        for header in headers(include):
            self.read((include / header).read_text(encoding='utf-8'))

    def read(self, text):
        text = re.sub(r'/\*.*?\*/', ' ', text, flags=re.DOTALL)
        text = text.replace('\\\n', ' ')
        for name, value in re.findall(r'^#define (STOA_\w+) ("[^"]*"|\d+u?)$', text, re.MULTILINE):
            if name not in FREE:
                self.contract.macros[name] = value
        text = re.sub(r'^\s*#.*$', '', text, flags=re.MULTILINE)
        text = re.sub(r'extern "C" \{(.*)\}', r'\1', text, flags=re.DOTALL)
        for statement in split(text, ';'):
            self.statement(re.sub(r'\s+', ' ', statement))

    def statement(self, text):
        if found := re.fullmatch(r'typedef struct (\w+) \{(.*)\} \1', text):
            self.contract.structs[found[1]] = [member for part in split(found[2], ';') for member in self.members(part)]
        elif found := re.fullmatch(r'typedef struct (\w+) \1', text):
            self.contract.opaque.append(found[1])
        elif found := re.fullmatch(r'typedef (u?int\d+_t) (\w+)', text):
            self.contract.scalars[found[2]] = found[1]
        elif text.startswith('typedef ') and '(*' in text:
            name, kind = self.declaration(text.removeprefix('typedef '))
            self.callbacks[name] = kind
        elif found := re.fullmatch(r'enum \{(.*)\}', text):
            self.contract.constants += [part.split('=')[0].strip() for part in split(found[1], ',')]
        elif found := re.fullmatch(r'STOA_EXPORT (.*?)(\w+)\((.*)\)', text):
            self.contract.functions[found[2]] = self.declaration(f'{found[1]}(*{found[2]})({found[3]})')[1]
        else:
            raise ValueError(f'not understood: {text[:120]}')

    def members(self, text, path=''):
        if found := re.fullmatch(r'union \{(.*)\} (\w+)', text):
            return [m for part in split(found[1], ';') for m in self.members(part, f'{path}{found[2]}.')]
        if re.fullmatch(r'\w+ \w+(, \w+)+', text):  # uint32_t a, b
            kind, *names = re.split(r'[ ,]+', text)
            return [(path + name, self.kind(kind)) for name in names]
        name, kind = self.declaration(text)
        return [(path + name, kind)]

    def declaration(self, text):
        """(name, type)"""
        text = text.strip()
        if found := re.match(r'(.*?)\(\s*\*\s*(\w*)\s*\)\s*\((.*)\)$', text):
            parts = [] if found[3].strip() == 'void' else split(found[3], ',')
            arguments = ', '.join(self.declaration(part)[1] for part in parts) or 'void'
            return found[2], f'{self.kind(found[1])} (*)({arguments})'
        found = re.match(r'(.*[\s*])(\w+)(\[\w+\])?$', text)
        return found[2], self.kind(found[1]) + (found[3] or '')

    def kind(self, text):
        text = re.sub(r'\s*\*', '*', re.sub(r'\s+', ' ', text.strip()))
        text = re.sub(r'\*(?=\w)', '* ', text)
        text = self.callbacks.get(text, text)
        return re.sub(r'\w+', lambda m: self.contract.scalars.get(m[0], m[0]), text)


def by_value(kind):
    """The types that a member or a function of that type takes or gives as they are, not by pointer."""
    if '(*)' not in kind:
        return set() if '*' in kind else {re.sub(r'\[.*\]|\bconst\b', '', kind).strip()}
    found = re.match(r'(.*?)\(\*\)\((.*)\)$', kind)
    return {name for part in [found[1], *split(found[2], ',')] for name in by_value(part)}


# ---- Asking the compiler

def compiled(lines, include, compiler='gcc'):
    """What a program of these lines prints; its compiler's errors as ValueError."""
    program = ''.join(f'#include "{header}"\n' for header in headers(include))
    program += '#include <stdio.h>\n#include <string.h>\n#define SIZE(s, m) sizeof(((s*)0)->m)\n'
    program += '#define SAME(a, b) __builtin_types_compatible_p(__typeof__(a), b)\n'
    program += 'int main(void) {\n' + '\n'.join(lines) + '\nreturn 0;\n}\n'
    with tempfile.TemporaryDirectory() as folder:
        binary = pathlib.Path(folder) / 'layout'
        built = subprocess.run([compiler, '-x', 'c', '-std=c11', '-w', '-I', str(include), '-o', str(binary), '-'],
                               input=program, capture_output=True, text=True)
        if built.returncode != 0:
            raise ValueError('\n'.join(re.sub(r'^.*?error: ', '', line) for line in built.stderr.splitlines() if 'error: ' in line))
        return subprocess.run([str(binary)], check=True, capture_output=True, text=True).stdout


def quoted(text):
    return '"' + text.replace('\\', '\\\\').replace('"', '\\"') + '"'


def layout(include, compiler='gcc'):
    contract = Reader(include).contract
    lines = []
    for name, kind in contract.scalars.items():
        lines.append(f'puts("scalar {name} {kind}");')
    for name in contract.opaque:
        lines.append(f'puts("opaque {name}");')
    for name, kind in contract.functions.items():
        lines.append(f'puts({quoted(f"function {name} {kind}")});')
    for name, value in contract.macros.items():
        lines.append(f'puts({quoted(f"macro {name} {value}")});')
    for name in contract.constants:
        lines.append(f'printf("constant {name} %lld\\n", (long long){name});')
    for struct, members in contract.structs.items():
        lines.append(f'printf("struct {struct} %zu\\n", sizeof({struct}));')
        for path, kind in members:
            lines.append(f'printf("  %zu %zu {path} %s\\n", offsetof({struct}, {path}), SIZE({struct}, {path}), {quoted(kind)});')
    return compiled(lines, include, compiler)


# ---- Comparing

def structs_of(text):
    found, current = {}, None
    for line in text.splitlines():
        words = line.split()
        if line.startswith('struct '):
            current = found[words[1]] = (int(words[2]), [])
        elif line.startswith('  '):
            offset, size, path, kind = line.split(None, 3)
            current[1].append((int(offset), int(size), path, kind))
    return found


def breaks(released, include, compiler='gcc'):
    """What today's headers break of a released layout, a sentence each."""
    checks = []

    def demand(condition, sentence):
        checks.append(f'if (!({condition})) puts({quoted(sentence)});')

    for line in released.splitlines():
        if line.startswith('scalar '):
            _, name, kind = line.split(None, 2)
            demand(f'__builtin_types_compatible_p({name}, {kind})', f'{name} is no longer {kind}')
        elif line.startswith('opaque '):
            checks.append(f'(void)(({line.split()[1]}*)0);')
        elif line.startswith('function '):
            _, name, kind = line.split(None, 2)
            demand(f'SAME(&{name}, {kind})', f'the function {name} is no longer {kind}')
        elif line.startswith('constant '):
            _, name, value = line.split()
            demand(f'{name} == {value}', f'{name} is no longer {value}')
        elif line.startswith('macro '):
            _, name, value = line.split(None, 2)
            same = f'strcmp({name}, {value}) == 0' if value[0] == '"' else f'{name} == {value}'
            demand(same, f'{name} is no longer {value}')
    for struct, (size, members) in structs_of(released).items():
        if struct in FROZEN:
            demand(f'sizeof({struct}) == {size}', f'{struct} is frozen, but no longer of {size} bytes')
        else:
            demand(f'sizeof({struct}) >= {size}', f'{struct} has shrunk')
        for offset, bytes_, path, kind in members:
            where = f'{struct}.{path}'
            demand(f'offsetof({struct}, {path}) == {offset}', f'{where} is no longer at {offset}')
            demand(f'SIZE({struct}, {path}) == {bytes_}', f'{where} is no longer of {bytes_} bytes')
            demand(f'SAME((({struct}*)0)->{path}, {kind})', f'{where} is no longer {kind}')
    today = Reader(include).contract.structs
    for struct, (size, members) in structs_of(released).items():
        known = {path for _, _, path, _ in members}
        for path, _ in today.get(struct, []):
            if path in known:
                continue
            if struct in FROZEN:
                checks.append(f'puts("{struct} is frozen, but has the new member {path}");')
            # In what was padding, an older plugin has whatever its stack held.
            demand(f'offsetof({struct}, {path}) >= {size}', f'{struct}.{path} is new, but not at the end')
    try:
        return compiled(checks, include, compiler).splitlines()
    except ValueError as errors:
        return str(errors).splitlines()


def against_the_rules(include):
    """What the headers break of the rules at their head."""
    found = []
    contract = Reader(include).contract
    crossing = PLAIN | set(FROZEN)
    for struct, members in structs_of(layout(include)).items():
        size, members = members
        if struct not in FROZEN and members[0][2:] != ('size', 'uint32_t'):
            found.append(f'{struct} does not begin with uint32_t size')
        if max(offset + bytes_ for offset, bytes_, _, _ in members) != size:
            found.append(f'{struct} ends with padding: name it reserved')
        for _, _, path, kind in members:
            found += [f'{struct}.{path}: {name} crosses as a value' for name in by_value(kind) - crossing]
    for name, kind in contract.functions.items():
        found += [f'{name}: {value} crosses as a value' for value in by_value(kind) - crossing]
    return found


# ---- The files

def released_text(path):
    """(state, layout) of a file; the state is "unreleased" or the sum of the layout."""
    head, _, text = path.read_text(encoding='utf-8').partition('\n')
    return head.removeprefix('state ').strip(), text


def sum_of(text):
    return 'released ' + hashlib.sha256(text.encode()).hexdigest()


def files(golden):
    return sorted(golden.glob('*/layout.txt'), key=lambda p: [int(n) for n in p.parent.name.split('.')])


def broken_promises(golden, include):
    found = []
    for path in files(golden):
        release = path.parent.name
        state, text = released_text(path)
        if state == 'unreleased':
            if path != files(golden)[-1]:
                found.append(f'{release} is not released, but is not the last')
            if text != layout(include):
                found.append(f'the headers have changed since the layout of {release} was written: tests/sdk/abi.py regenerate')
        elif state != sum_of(text):
            found.append(f'the layout of {release} was changed after its release')
        else:
            found += [f'{release}: {sentence}' for sentence in breaks(text, include)]
    return found or ([] if files(golden) else ['there is no layout of any release'])


def rewrite(golden, include, release):
    paths = files(golden)
    state, text = released_text(paths[-1])
    if state != 'unreleased':
        raise SystemExit(f'{paths[-1].parent.name} is released: its layout never changes. A new release has a folder of its own, '
                         'with a layout.txt that says "state unreleased".')
    text = text if release else layout(include)
    paths[-1].write_text(f'state {sum_of(text) if release else "unreleased"}\n{text}', encoding='utf-8')


def main():
    if sys.argv[1:] == ['check']:
        found = broken_promises(GOLDEN, INCLUDE) + against_the_rules(INCLUDE)
        print('\n'.join(found) or 'The headers keep every promise.')
        return 1 if found else 0
    if sys.argv[1:] in (['regenerate'], ['release']):
        rewrite(GOLDEN, INCLUDE, sys.argv[1] == 'release')
        return 0
    print(__doc__)
    return 64


if __name__ == '__main__':
    sys.exit(main())
