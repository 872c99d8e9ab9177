"""The table of problem types is whole: none unknown, none idle, and the SDK's errors all have one."""

import json
import re

from house import MemoryHouse, cpp_without_comments, line_of

TABLE = 'core/src/http/problem.cpp'
CODES = 'sdk/include/stoa/result.hpp'
# Types that nothing answers, each with its reason.
IDLE = {}
# Functions whose first string is the name of a type.
NAMES_A_TYPE = ('problem_type', 'problem_response', 'problem', 'refuse', 'expel')


def table(house):
    return {name: int(status) for name, status in re.findall(r'ProblemType\{"([^"]+)", (\d+)', house.text(TABLE))}


def host_code(house):
    for path in house.files('.cpp', '.hpp'):
        if path.startswith('core/src/') and not path.startswith('core/src/http/writer.'):
            text = cpp_without_comments(house.text(path))
            if path == TABLE:
                text = re.sub(r'ProblemType\{[^}]*\}', '', text)
            yield path, text


def idle(house):
    """Answered by its name, or by its status where the edge refuses."""
    code = '\n'.join(text for _, text in host_code(house))
    violations = []
    for name, status in table(house).items():
        answered = f'"{name}"' in code or re.search(rf'(?:refuse\(|refusal\b.*?|return .*?)\b{status}\b', code)
        if not answered and name not in IDLE:
            violations.append(f'{TABLE}: nothing answers {name} ({status})')
        if answered and name in IDLE:
            violations.append(f'{TABLE}: {name} is answered; the exception is not needed')
    return violations


def documented(house):
    document = json.loads(house.text('core/openapi.json'))
    listed = document['components']['schemas']['Problem']['properties']['type']['examples']
    wanted = ['/problems/' + name for name in table(house)]
    return [f'core/openapi.json: Problem does not list {name}' for name in wanted if name not in listed] + [
        f'core/openapi.json: Problem lists {name}, which is no type' for name in listed if name not in wanted]


def unknown(house):
    known = table(house)
    violations = []
    call = re.compile(r'\b(?:%s)\(\s*(?:[\w.*>-]+,\s*)?"([a-z-]+)"' % '|'.join(NAMES_A_TYPE))
    for path, text in host_code(house):
        for match in call.finditer(text):
            if match[1] not in known:
                violations.append(f'{path}:{line_of(text, match.start())}: no problem type is called {match[1]}')
    for path in house.files('.cpp', '.hpp', '.h', '.ts', '.tsx', '.mjs', 'openapi.json'):
        text = house.text(path)
        for match in re.finditer(r'/problems/([a-z-]+)', text):
            if match[1] not in known:
                violations.append(f'{path}:{line_of(text, match.start())}: no problem type is called {match[1]}')
    return violations


def statuses(house):
    """A status the edge refuses with has a type: otherwise the answer would be the one of 500."""
    known = set(table(house).values())
    violations = []
    for path, text in host_code(house):
        if path.startswith('core/src/http/'):
            for match in re.finditer(r'\brefuse\(\s*(\d{3})\b|\.refusal = (\d{3})\b', text):
                status = int(match[1] or match[2])
                if status not in known:
                    violations.append(f'{path}:{line_of(text, match.start())}: no problem type has the status {status}')
    return violations


def codes(house):
    enum = re.search(r'enum class ErrorCode[^{]*\{(.*?)\}', cpp_without_comments(house.text(CODES)), re.DOTALL)
    names = re.findall(r'\b([a-z_]+)\b\s*(?:=[^,]*)?(?:,|$)', enum[1].strip())
    if not names:
        return [f'{CODES}: no error codes found']
    mapped = set(re.findall(r'case ErrorCode::(\w+): return problem_type\("', house.text(TABLE)))
    return [f'{TABLE}: ErrorCode::{name} has no problem type' for name in names if name not in mapped]


def twice(house):
    names = re.findall(r'ProblemType\{"([^"]+)"', house.text(TABLE))
    if not names:
        return [f'{TABLE}: no table found']
    return [f'{TABLE}: {name} is there twice' for name in sorted(set(names)) if names.count(name) > 1]


CHECKS = {
    'each type is in the table once': twice,
    'each type is answered somewhere': idle,
    'the document lists the types': documented,
    'each type that is named is in the table': unknown,
    'each status the edge refuses with has a type': statuses,
    'each error of the SDK has a type': codes,
}

_TABLE = ('ProblemType{"malformed", 400, "A"}, ProblemType{"not-found", 404, "B"},\n'
          'case ErrorCode::malformed: return problem_type("malformed");\n')
_DOCUMENT = json.dumps({'components': {'schemas': {'Problem': {'properties': {'type': {'examples': [
    '/problems/malformed', '/problems/not-found']}}}}}})
_CODE = 'return problem("not-found", "x"); refuse(400);\n'


def _mutant(check, path='core/src/host/a.cpp', text=_CODE, table_text=_TABLE, enum='malformed'):
    def mutant():
        good = {TABLE: _TABLE, 'core/openapi.json': _DOCUMENT, CODES: 'enum class ErrorCode { malformed };', 'core/src/host/a.cpp': _CODE}
        before = check(MemoryHouse(good))
        if before:
            raise AssertionError(f'the example itself is judged bad: {before}')
        return check(MemoryHouse({**good, TABLE: table_text, CODES: 'enum class ErrorCode { %s };' % enum, path: text}))
    return mutant


MUTANTS = {
    'a type that is there twice': _mutant(twice, table_text=_TABLE + 'ProblemType{"malformed", 400, "C"}'),
    'a type that nothing answers': _mutant(idle, text='return "other"; // problem("not-found")\n'),
    'a type that is not documented': _mutant(documented, table_text=_TABLE + 'ProblemType{"timeout", 504, "C"}'),
    'a documented type that is none': _mutant(documented, table_text='ProblemType{"malformed", 400, "A"}'),
    'a name that is not in the table': _mutant(unknown, text='problem(*exchange, "no-luck", "x");\n'),
    'an address that is not in the table': _mutant(unknown, path='frontend/a.ts', text="x === '/problems/no-luck'\n"),
    'a refusal without a type': _mutant(statuses, path='core/src/http/b.cpp', text='return refuse(418);\n'),
    'an error without a type': _mutant(codes, enum='malformed, strange'),
}
