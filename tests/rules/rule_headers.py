"""Each header of the SDK compiles alone: the C ones as C11, all of them as C++17 and C++20, without a warning."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import tempfile

from house import Skip

FLAGS = ['-fsyntax-only', '-Wall', '-Wextra', '-Wpedantic', '-Werror']
COMPILERS = {'c': ('gcc', 'clang'), 'c++': ('g++', 'clang++')}
FOLDER = 'sdk/include'


def mistakes(compiler, language, standard, folder, header):
    source = f'#include "{header}"\n' + ('int main(void) { return 0; }\n' if language == 'c' else '')
    done = subprocess.run([compiler, '-x', language, f'-std={standard}', *FLAGS, '-I', str(folder), '-'], input=source,
                          capture_output=True, text=True)
    if done.returncode == 0:
        return None
    first = next((line for line in done.stderr.splitlines() if 'error' in line), done.stderr.strip()[:200])
    return f'{header}: {first.replace(str(folder) + "/", "")}'


def compile_all(compiler, language, standard, folder):
    if not shutil.which(compiler):
        raise Skip(f'no {compiler} here')
    headers = sorted(str(p.relative_to(folder)) for p in folder.rglob('*.h*') if language == 'c++' or p.suffix == '.h')
    if not headers:
        return [f'no headers in {folder}']
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(lambda header: mistakes(compiler, language, standard, folder, header), headers)
        return [mistake for mistake in found if mistake]


def _check(compiler, language, standard):
    return lambda house: compile_all(compiler, language, standard, house.root / FOLDER)


CHECKS = {}
for _language, _standards in (('c', ['c11']), ('c++', ['c++17', 'c++20'])):
    for _compiler in COMPILERS[_language]:
        for _standard in _standards:
            CHECKS[f'{_compiler} takes each as {_standard}'] = _check(_compiler, _language, _standard)


def _mutant(name, text, language, standard):
    def mutant():
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / name).write_text(text)
            return compile_all(COMPILERS[language][0], language, standard, pathlib.Path(folder))
    return mutant


MUTANTS = {
    'C++ in a C header': _mutant('a.h', '#pragma once\nnamespace a {}\n', 'c', 'c11'),
    'a header that needs another first': _mutant('a.hpp', '#pragma once\nstd::string a();\n', 'c++', 'c++17'),
    'C++20 in a header of C++17': _mutant('a.hpp', '#pragma once\ntemplate <class T> concept A = true;\n', 'c++', 'c++17'),
    'a warning': _mutant('a.hpp', '#pragma once\ninline int a(int x) { unsigned y = 1; return x < y; }\n', 'c++', 'c++20'),
}
