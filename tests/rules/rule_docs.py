"""What the SDK's documentation says is so: the reference is that of the header, hooks and events are in the catalogue."""

import importlib.util
import re

from house import MemoryHouse, cpp_strings

HEADER = 'sdk/include/stoa/stoa.h'
REFERENCE = 'sdk/docs/tables.md'
CATALOGUE = 'sdk/docs/hooks-and-events.md'
EVENT = re.compile(r'[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){1,2}')
HOOK = re.compile(r'[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){1,2}/\d+')


def tables_script(house):
    spec = importlib.util.spec_from_file_location('tables', house.root / 'sdk/docs/tables.py')
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def reference_is_current(house):
    if house.text(REFERENCE) != tables_script(house).render(house.text(HEADER)):
        return [f'{REFERENCE} is not what {HEADER} says: run python3 sdk/docs/tables.py']
    return []


def plugins_sources(house):
    """{plugin: [(path, text)]} of bundled ones and examples."""
    found = {}
    for path in house.files('.cpp', '.hpp', '.c', '.h'):
        home = re.match(r'(?:plugins|sdk/examples)/(\w+)/', path)
        if home and '/tests/' not in path and home[1] != 'shared':
            found.setdefault(home[1], []).append((path, house.text(path)))
    return found


def emitted(plugin, sources):
    """{type: path} of what looks like this plugin's own event, where something is emitted."""
    found = {}
    for path, text in sources:
        if not re.search(r'\bemit\(|\bannounce\(|\bpost_changed\(|\bcomment_changed\(', text):
            continue
        for _, literal, _, _ in cpp_strings(text):
            if literal.startswith(plugin + '.') and EVENT.fullmatch(literal):
                found.setdefault(literal, path)
    return found


def hooks(plugin, sources):
    return {literal: path for path, text in sources for _, literal, _, _ in cpp_strings(text)
            if literal.startswith(plugin + '.') and HOOK.fullmatch(literal)}


def catalogue(house):
    return set(re.findall(r'`([a-z][\w.]*(?:/\d+)?)`', house.text(CATALOGUE)))


def everything_is_in_the_catalogue(house):
    known = catalogue(house)
    violations = []
    for plugin, sources in plugins_sources(house).items():
        permissions = set(re.findall(r'(?:declare_permission\(|Auth::permitted\()"([\w.]+)"', ''.join(t for _, t in sources)))
        for name, path in {**emitted(plugin, sources), **hooks(plugin, sources)}.items():
            if name not in known and name not in permissions and not is_constant(name, sources):
                violations.append(f'{CATALOGUE} lacks {name} ({path})')
    return violations


def is_constant(name, sources):
    """Named as a permission, page, service or ephemeral message, not emitted."""
    text = ''.join(t for _, t in sources)
    return re.search(r'(?:constexpr std::string_view|ephemeral\(|page\(|const char\*)[^;]*"' + re.escape(name) + '"', text) and '/' not in name


def nothing_else_is(house):
    """Nothing is in the catalogue that no source names."""
    texts = {plugin: ''.join(t for _, t in sources) for plugin, sources in plugins_sources(house).items()}
    return [f'{CATALOGUE} has {name}, which nobody emits or fires' for name in sorted(catalogue(house))
            if name.split('.')[0] in texts and '.' in name and not name.endswith('.md')
            and f'"{name}"' not in texts[name.split('.')[0]]]


CHECKS = {
    'the reference of the tables is current': reference_is_current,
    'each hook and event is in the catalogue': everything_is_in_the_catalogue,
    'the catalogue has nothing that is not there': nothing_else_is,
}

_TREE = {CATALOGUE: '| `polls.poll.closed` |\n', 'plugins/polls/a.cpp': 'tx.emit({"polls.poll.closed", s, c, d});'}


def _mutant(check, **changed):
    return lambda: check(MemoryHouse({**_TREE, **{path.replace('__', '/').replace('_cpp', '.cpp'): text for path, text in changed.items()}}))


MUTANTS = {
    'an event nobody documented': _mutant(everything_is_in_the_catalogue, plugins__polls__b_cpp='tx.emit({"polls.poll.opened", s, c, d});'),
    'a hook nobody documented': _mutant(everything_is_in_the_catalogue, plugins__polls__b_cpp='kHook = "polls.poll.create/1";'),
    'an event that is gone': _mutant(nothing_else_is, plugins__polls__a_cpp='int a;'),
}
