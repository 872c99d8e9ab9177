"""What the rules share: the tree, its files, the text of C++ and SQL."""

import dataclasses
import os
import pathlib
import re
import subprocess


@dataclasses.dataclass
class House:
    """Where a rule looks. `build` is a build directory with bin/stoa and lib/stoa/plugins, or None."""

    root: pathlib.Path
    build: pathlib.Path | None = None
    statements: pathlib.Path | None = None

    def files(self, *suffixes):
        """Paths below the root as text with '/', of files that are tracked or about to be, sorted."""
        return [path for path in self._all() if not suffixes or path.endswith(suffixes)]

    def text(self, path):
        return (self.root / path).read_text(encoding='utf-8', errors='replace')

    def _all(self):
        if not hasattr(self, '_listed'):
            self._listed = self._list()
        return self._listed

    def _list(self):
        git = subprocess.run(['git', '-C', str(self.root), 'ls-files', '-co', '--exclude-standard', '-z'],
                             capture_output=True, text=True)
        if git.returncode == 0:
            names = git.stdout.split('\0')
        else:  # an unpacked archive
            names = []
            for folder, folders, files in os.walk(self.root):
                folders[:] = [f for f in folders if f not in ('build', 'data', 'node_modules', '.git')]
                names += [os.path.relpath(os.path.join(folder, f), self.root) for f in files]
        return sorted(name for name in set(names) if name and (self.root / name).is_file())

    def plugins(self):
        """Ids of the bundled plugins."""
        return sorted(path.split('/')[1] for path in self.files('plugin.json') if re.fullmatch(r'plugins/\w+/plugin\.json', path))

    def binary(self):
        return self.build / 'bin/stoa'

    def plugin_file(self, plugin):
        return self.build / 'lib/stoa/plugins' / f'{plugin}.so'


class Skip(Exception):
    """A check that cannot be made here, with the reason."""


class MemoryHouse(House):
    """A small tree that a self-test makes up: {path: text}."""

    def __init__(self, texts):
        super().__init__(pathlib.Path('/nonexistent'))
        self.texts = texts

    def _list(self):
        return sorted(self.texts)

    def text(self, path):
        return self.texts[path]


_TOKEN = re.compile(
    r'(?P<comment>//[^\n]*|/\*.*?\*/)'
    r'|(?P<raw>\b(?:u8|u|U|L)?R"(?P<mark>[^()\\\s]{0,16})\((?P<inside>.*?)\)(?P=mark)")'
    r'|(?P<string>"(?P<body>(?:[^"\\\n]|\\.)*)")'
    r"|(?P<char>(?<![0-9A-Fa-f])'(?:[^'\\\n]|\\.)+')",
    re.DOTALL)


def cpp_strings(text):
    """(line, literal, rest of the line before, rest after) of each string of C++ text; neighbours are joined."""
    found = []
    end_of_last = None
    for token in _TOKEN.finditer(text):
        if token['comment'] is not None or token['char'] is not None:
            continue
        value = token['inside'] if token['raw'] is not None else token['body']
        line = text.count('\n', 0, token.start()) + 1
        before = text[text.rfind('\n', 0, token.start()) + 1:token.start()]
        if re.match(r'\s*#\s*include', before):
            continue
        if end_of_last is not None and not text[end_of_last:token.start()].strip():
            first, joined, start, _ = found[-1]
            found[-1] = (first, joined + value, start, token.end())
        else:
            found.append((line, value, token.start(), token.end()))
        end_of_last = token.end()
    return [(line, value, text[max(0, start - 200):start], text[end:end + 200]) for line, value, start, end in found]


def cpp_without_comments(text):
    """The same text, its comments blank, its lines where they were."""
    def blank(token):
        return re.sub(r'[^\n]', ' ', token[0]) if token['comment'] is not None else token[0]
    return _TOKEN.sub(blank, text)


def sql_without_comments(text):
    return re.sub(r'--[^\n]*|/\*.*?\*/', lambda m: re.sub(r'[^\n]', ' ', m[0]), text, flags=re.DOTALL)


def sql_name(path):
    """The constant that stoa_add_plugin makes of sql/<name>.sql."""
    return path.rsplit('/', 1)[-1].removesuffix('.sql').replace('.', '_')


def line_of(text, position):
    return text.count('\n', 0, position) + 1
