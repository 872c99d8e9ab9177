"""SQL lives in sql/*.sql, is complete there, and stays within what the house allows."""

import re

from house import MemoryHouse, cpp_strings, cpp_without_comments, line_of, sql_name, sql_without_comments

_NAME = r'[\w".]+'
SQL = re.compile(
    r'\b(?:SELECT\s+.*\bFROM\b|SELECT\s+\d|INSERT\s+(?:OR\s+\w+\s+)?INTO\b|REPLACE\s+INTO\b|UPDATE\s+%s\s+SET\b|DELETE\s+FROM\b'
    r'|(?:CREATE|DROP|ALTER)\s+(?:UNIQUE\s+|VIRTUAL\s+|TEMP\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\b|PRAGMA\s+\w|ATTACH\s+DATABASE'
    r'|BEGIN\s+(?:IMMEDIATE|EXCLUSIVE|DEFERRED)\b|SAVEPOINT\s|VALUES\s*\()' % _NAME, re.IGNORECASE | re.DOTALL)
# A piece of a statement, in the capitals SQL is written in.
FRAGMENT = re.compile(r'(?:^|\s)(?:WHERE|ORDER BY|GROUP BY|HAVING|LIMIT|RETURNING|ON CONFLICT|LEFT JOIN|INNER JOIN|UNION(?: ALL)?)(?:\s|$)')
# (file, start of the string): why it is none of the kind.
STRINGS_ALLOWED = {}
BUILT_ALLOWED = {
    ('core/src/storage/connection.cpp', 'PRAGMA '): 'a pragma takes no parameters; these are numbers of the host',
}


def product_code(house):
    return [p for p in house.files('.cpp', '.hpp', '.h') if p.split('/')[0] in ('core', 'plugins', 'sdk')]


def allowed(exceptions, path, value):
    return any(path == where and value.startswith(start) for where, start in exceptions)


def strings(house):
    violations = []
    for path in product_code(house):
        if path.startswith('core/src/storage/'):
            continue
        for line, value, _, _ in cpp_strings(house.text(path)):
            if (SQL.search(value) or FRAGMENT.search(value)) and not allowed(STRINGS_ALLOWED, path, value):
                violations.append(f'{path}:{line}: SQL in a string: {value[:60]!r}')
    return violations


def built(house):
    """Storage has SQL of its own, whole; nobody puts a statement together from parts."""
    violations = []
    for path in product_code(house):
        for line, value, before, after in cpp_strings(house.text(path)):
            if not (SQL.search(value) or FRAGMENT.search(value)) or allowed(BUILT_ALLOWED, path, value):
                continue
            if re.search(r'(?:\+=?|append\(|<<)\s*$', before) or re.match(r'\s*(?:\+|<<)|\)\s*\+|s?v?\s*\+', after):
                violations.append(f'{path}:{line}: SQL put together from parts: {value[:60]!r}')
    return violations


def statement_files(house):
    return [p for p in house.files('.sql') if re.fullmatch(r'plugins/\w+/sql/[\w.]+\.sql', p)]


def migrations(house):
    return [p for p in house.files('.sql') if re.fullmatch(r'plugins/\w+/migrations/[\w.]+\.sql', p)]


def placed(house):
    known = set(statement_files(house)) | set(migrations(house))
    return [f'{path}: SQL files lie in plugins/<id>/sql or migrations' for path in house.files('.sql')
            if path.startswith(('plugins/', 'core/')) and path not in known]


def referenced(house):
    violations = []
    there = {}
    for path in statement_files(house):
        there.setdefault(path.split('/')[1], {})[sql_name(path)] = path
    used = {}
    for path in product_code(house):
        plugin = path.split('/')[1]
        if path.startswith('plugins/'):
            text = cpp_without_comments(house.text(path))
            for match in re.finditer(r'\bsql::(\w+)', text):
                used.setdefault(plugin, set()).add(match[1])
                if match[1] not in there.get(plugin, {}):
                    violations.append(f'{path}:{line_of(text, match.start())}: no sql/{match[1]}.sql')
    for plugin, names in there.items():
        violations += [f'{path}: no code runs it' for name, path in names.items() if name not in used.get(plugin, set())]
    return violations


def one_statement(house):
    """Each file is one statement, without the semicolon that would begin another."""
    violations = []
    for path in statement_files(house):
        text = re.sub(r"'(?:[^']|'')*'", "''", sql_without_comments(house.text(path))).strip()
        if not text:
            violations.append(f'{path}: it is empty')
        elif ';' in text.removesuffix(';'):
            violations.append(f'{path}: more than one statement')
    return violations


def names(house):
    violations = []
    declaration = re.compile(r'\bCREATE\s+(?:UNIQUE\s+|VIRTUAL\s+|TEMP(?:ORARY)?\s+)?(TABLE|INDEX|VIEW|TRIGGER)\s+(?:IF\s+NOT\s+EXISTS\s+)?"?(\w+)', re.I)
    for path in migrations(house):
        prefix = path.split('/')[1] + '_'
        text = sql_without_comments(house.text(path))
        for match in declaration.finditer(text):
            if not match[2].startswith(prefix):
                violations.append(f'{path}:{line_of(text, match.start())}: the {match[1].lower()} {match[2]} is not called {prefix}…')
    return violations


def offset(house):
    violations = []
    for path in house.files('.sql'):
        text = sql_without_comments(house.text(path))
        violations += [f'{path}:{line_of(text, m.start())}: OFFSET counts what it skips' for m in re.finditer(r'\bOFFSET\b', text, re.I)]
    for path in product_code(house):
        violations += [f'{path}:{line}: OFFSET counts what it skips' for line, value, _, _ in cpp_strings(house.text(path))
                       if re.search(r'\bOFFSET\b', value)]
    return violations


# The text between CREATE TABLE x ( and its end.
def tables(text):
    for match in re.finditer(r'\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)\s*\(', text, re.I):
        depth, end = 1, match.end()
        while end < len(text) and depth:
            depth += {'(': 1, ')': -1}.get(text[end], 0)
            end += 1
        yield match[1], match.start(), text[match.end():end - 1]


def columns(body):
    part, depth = '', 0
    for c in body + ',':
        depth += {'(': 1, ')': -1}.get(c, 0)
        if c == ',' and depth == 0:
            words = part.split()
            if words and words[0].upper() not in ('PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'CONSTRAINT'):
                yield words[0], ' '.join(words[1:])
            part = ''
        else:
            part += c


def types(house):
    """BIGINT, or INTEGER PRIMARY KEY for a row's own number; so a value keeps its width on other databases."""
    texts = {path: sql_without_comments(house.text(path)) for path in migrations(house)}
    for path in house.files('.cpp', '.hpp'):
        if path.startswith('core/src/storage/'):
            texts[path] = '\n'.join(value for _, value, _, _ in cpp_strings(house.text(path)))
    violations = []
    for path, text in texts.items():
        found = [(table, *column) for table, _, body in tables(text) for column in columns(body)]
        found += [('ALTER TABLE', *c) for c in re.findall(r'\bADD\s+COLUMN\s+(\w+)\s+([^;]*)', text, re.I)]
        for table, column, rest in found:
            if not re.match(r'(BIGINT|TEXT|BLOB|REAL)\b|INTEGER\s+PRIMARY\s+KEY\b', rest, re.I):
                violations.append(f'{path}: {table}.{column} is declared {rest.split(" NOT ")[0]!r}')
    return violations


CHECKS = {
    'no SQL in C++ strings outside storage': strings,
    'no statement is put together from parts': built,
    'SQL files lie where they are embedded': placed,
    'each file is run, each statement has its file': referenced,
    'each file is one statement': one_statement,
    'what a migration creates has its plugin\'s name': names,
    'no OFFSET': offset,
    'integers are BIGINT or INTEGER PRIMARY KEY': types,
}


def _mutant(check, path, text, **others):
    return lambda: check(MemoryHouse({**{'plugins/chat/' + k.replace('__', '/') + '.sql': v for k, v in others.items()}, path: text}))


_CPP = 'plugins/chat/src/a.cpp'
_SQL = 'plugins/chat/sql/find.sql'
_MIGRATION = 'plugins/chat/migrations/0001_a.sql'
MUTANTS = {
    'a statement in a string': _mutant(strings, _CPP, 'tx.exec("DELETE " "FROM chat_message WHERE id = ?1", id);\n'),
    'a lower-case statement in a raw string': _mutant(strings, _CPP, 'auto q = R"(select id\n from chat_message)";\n'),
    'a condition in a string': _mutant(strings, _CPP, 'text += " ORDER BY id";\n'),
    'a statement put together': _mutant(built, 'core/src/storage/a.cpp', 'run("DELETE FROM " + table);\n'),
    'an appended condition': _mutant(built, 'core/src/storage/a.cpp', 'text += " WHERE id = 1";\n'),
    'a file that is not embedded': _mutant(placed, 'plugins/chat/find.sql', 'SELECT 1'),
    'a file that no code runs': _mutant(referenced, _CPP, '// sql::find\n', sql__find='SELECT 1'),
    'a statement without its file': _mutant(referenced, _CPP, 'tx.exec(sql::find);\n'),
    'two statements in a file': _mutant(one_statement, _SQL, "SELECT ';'; SELECT 2;"),
    'a table of another name': _mutant(names, _MIGRATION, 'CREATE TABLE IF NOT EXISTS message (id BIGINT);'),
    'an index of another name': _mutant(names, _MIGRATION, 'CREATE UNIQUE INDEX by_id ON chat_message (id);'),
    'an offset': _mutant(offset, _SQL, 'SELECT 1 LIMIT 5 offset 10'),
    'a narrow integer': _mutant(types, _MIGRATION, 'CREATE TABLE chat_a (\n  id INTEGER PRIMARY KEY,\n  n INTEGER NOT NULL);'),
    'a narrow integer added later': _mutant(types, _MIGRATION, 'ALTER TABLE chat_a ADD COLUMN n INT;'),
}
