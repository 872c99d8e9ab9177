#!/usr/bin/env python3
"""Writes tables.md, the reference of the host's tables, from include/stoa/stoa.h.

  tables.py            writes it
  tables.py --print    prints it
"""

import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent

HEAD = """# The host's tables

Made from `stoa.h` by `docs/tables.py`: change the header, then run the script. The brackets say which threads may call:
[threads and ownership](threads-and-ownership.md). What C++ makes of it is in the headers beside `stoa.hpp`.
"""


def plain(comment):
    """The text of a C comment."""
    lines = [re.sub(r'^\s*\*? ?', '', line).strip(' *') for line in comment[2:-2].splitlines()]
    return ' '.join(line.strip() for line in lines if line.strip())


def sections(header):
    """(title, text) between the ruled comments."""
    parts = re.split(r'^/\* ---- (.*?) -{5,} ?\*/\n', header, flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def groups(body):
    """[(sentence, [declaration])]: what one comment before functions says of them."""
    found = []
    sentence, after = '', None
    for token in re.finditer(r'(?P<comment>/\*.*?\*/)|(?P<declaration>[^;/]+;)', body, re.S):
        line_start = body.rfind('\n', 0, token.start()) + 1
        if token['comment']:
            text = plain(token['comment'])
            if body[line_start:token.start()].strip() and found:  # behind a declaration on its line
                found[-1][1][-1] += f'  /* {text} */'
            else:
                sentence, after = text, True
            continue
        declaration = ' '.join(token['declaration'].split())
        if '(*' not in declaration:
            continue
        if after or not found:
            found.append((sentence, []))
            after = False
        found[-1][1].append(declaration)
    return found


def functions(table):
    """The names of a table's functions, in order."""
    return [name for _, declarations in groups(table) for d in declarations for name in re.findall(r'\(\*(\w+)\)', d)[:1]]


def tables(header):
    """{"stoa.routes/1": (other types of its section, body of the table)}"""
    found = {}
    for _, text in sections(header):
        name = re.search(r'^#define STOA_\w+_ID "(stoa\.\w+/\d+)"\n', text, re.M)
        if not name:
            continue
        for struct in re.finditer(r'typedef struct (stoa_\w+_v\d+) \{(.*?)\n\} \1;', text[name.end():], re.S):
            found[name[1]] = (text[:name.start()].strip(), struct[2])
        if name[1] == 'stoa.clock/1':
            second = re.search(r'^#define STOA_RANDOM_ID "(.*?)"\n', text, re.M)
            parts = re.findall(r'typedef struct (stoa_\w+_v\d+) \{(.*?)\n\} \1;', text, re.S)
            if second:
                found[name[1]], found[second[1]] = ('', parts[0][1]), ('', parts[1][1])
    return found


def render(header):
    out = [HEAD]
    for name, (types, body) in tables(header).items():
        out.append(f'## {name}\n')
        for sentence, declarations in groups(body):
            if sentence:
                out.append(sentence + '\n')
            out.append('```c\n' + '\n'.join(declarations) + '\n```\n')
        if types:
            out.append('Its types:\n\n```c\n' + types + '\n```\n')
    return '\n'.join(out)


def main():
    text = render((HERE.parent / 'include/stoa/stoa.h').read_text(encoding='utf-8'))
    if '--print' in sys.argv[1:]:
        sys.stdout.write(text)
    else:
        (HERE / 'tables.md').write_text(text, encoding='utf-8')


if __name__ == '__main__':
    main()
