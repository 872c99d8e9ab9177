"""The routes of a running server and the OpenAPI document it serves say the same, both ways."""

import copy
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time
import urllib.request

from house import Skip

# Operations without a route, each with its reason.
ONLY_DOCUMENTED = {
    'GET /api/v1/realtime': 'the host takes the upgrade before it looks at the table of routes',
}
PATIENCE_S = 180
METHODS = ('get', 'put', 'post', 'delete', 'patch', 'head', 'options', 'trace')

_seen = {}


def environment(house, folder):
    built = [plugin for plugin in house.plugins() if house.plugin_file(plugin).exists()]
    variables = {name: value for name, value in os.environ.items() if not name.startswith('STOA_')}
    return {**variables, 'STOA__DATA_DIR': str(pathlib.Path(folder) / 'data'), 'STOA__HTTP__PORT': '0',
            'STOA__PLUGINS__ENABLED': ','.join(built)}


def served_document(house, variables, folder):
    log = pathlib.Path(folder) / 'log'
    with log.open('wb') as err:
        server = subprocess.Popen([str(house.binary()), 'serve'], env=variables, cwd=folder, stdout=subprocess.DEVNULL, stderr=err)
    try:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until and server.poll() is None:
            listening = re.search(r'msg="Listening\." url="http://[^"]*:(\d+)"', log.read_text())
            if listening:
                url = f'http://127.0.0.1:{listening[1]}/api/v1/openapi.json'
                with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=PATIENCE_S) as answer:
                    return json.load(answer)
            time.sleep(0.05)
        raise RuntimeError('the server did not start:\n' + log.read_text())
    finally:
        if server.poll() is None:
            server.terminate()
            try:
                server.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def look(house):
    """(routes, document) of this build, found once."""
    if not house.build:
        raise Skip('no --build')
    if not _seen:
        with tempfile.TemporaryDirectory(prefix='stoa-rules-') as folder:
            variables = environment(house, folder)
            listed = subprocess.run([str(house.binary()), 'routes'], env=variables, cwd=folder, capture_output=True, text=True)
            if listed.returncode != 0:
                raise RuntimeError(f'stoa routes ended with {listed.returncode}: {listed.stderr}')
            _seen['routes'] = listed.stdout.splitlines()
            _seen['document'] = served_document(house, variables, folder)
    return _seen['routes'], _seen['document']


def normal(route):
    return re.sub(r'\{(\w+):\w+\}', r'{\1}', route)


def operations(document):
    for path, item in document['paths'].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f'{method.upper()} {path}', item, operation


def every_plugin(house):
    if not house.build:
        raise Skip('no --build')
    return [f'plugin {plugin} was not built' for plugin in house.plugins() if not house.plugin_file(plugin).exists()]


def undocumented(routes, document):
    documented = {name for name, _, _ in operations(document)}
    return [f'{route} is not documented' for route in sorted({normal(r) for r in routes} - documented)]


def unrouted(routes, document):
    there = {normal(route) for route in routes}
    documented = {name for name, _, _ in operations(document)}
    return [f'{name} is documented, but there is no such route' for name in sorted(documented - there - set(ONLY_DOCUMENTED))] + stale(
        ONLY_DOCUMENTED, documented - there)


def stale(exceptions, needed):
    return [f'the exception {name} is not needed' for name in exceptions if name not in needed]


def duplicate_routes(routes, _):
    names = [re.sub(r'\{[^}]*\}', '{}', route) for route in routes]
    return [f'{name} is there twice' for name in sorted({n for n in names if names.count(n) > 1})]


def operation_ids(_, document):
    seen = {}
    violations = []
    for name, _, operation in operations(document):
        own = operation.get('operationId')
        if not own:
            violations.append(f'{name} has no operationId')
        elif own in seen:
            violations.append(f'{name} and {seen[own]} are both {own}')
        seen.setdefault(own, name)
    return violations


def answers(_, document):
    violations = []
    for name, _, operation in operations(document):
        statuses = list(operation.get('responses', {}))
        if not any(re.fullmatch(r'2\d\d|101', status) for status in statuses):
            violations.append(f'{name} documents no success')
        if not any(re.fullmatch(r'default|[45](\d\d|XX)', status) for status in statuses):
            violations.append(f'{name} documents no problem')
        for status, answer in operation.get('responses', {}).items():
            content = follow(document, answer).get('content', {})
            if re.fullmatch(r'default|[45].*', status) and content and not any('json' in kind for kind in content):
                violations.append(f'{name}: {status} is no JSON')
            if 'description' not in follow(document, answer):
                violations.append(f'{name}: {status} has no description')
    return violations


def follow(document, part):
    for _ in range(16):
        if not isinstance(part, dict) or '$ref' not in part:
            break
        part = target(document, part['$ref'])
    return part or {}


def target(document, reference):
    """What a reference leads to, or None."""
    if not reference.startswith('#/'):
        return None
    part = document
    for name in reference[2:].split('/'):
        name = name.replace('~1', '/').replace('~0', '~')
        if isinstance(part, dict) and name in part:
            part = part[name]
        elif isinstance(part, list) and name.isdigit() and int(name) < len(part):
            part = part[int(name)]
        else:
            return None
    return part


def references(_, document):
    violations = []
    used = set()

    def walk(part, place):
        if isinstance(part, dict):
            if isinstance(part.get('$ref'), str):
                used.add(part['$ref'])
                if target(document, part['$ref']) is None:
                    violations.append(f'{place}: {part["$ref"]} leads nowhere')
            for key, value in part.items():
                walk(value, f'{place}/{key}')
        elif isinstance(part, list):
            for index, value in enumerate(part):
                walk(value, f'{place}/{index}')
    walk(document, '#')
    for kind, parts in document.get('components', {}).items():
        if kind != 'securitySchemes':
            violations += [f'#/components/{kind}/{name} is used nowhere' for name in parts if f'#/components/{kind}/{name}' not in used]
    return violations


def parameters(_, document):
    violations = []
    for name, item, operation in operations(document):
        declared = [follow(document, p) for p in item.get('parameters', []) + operation.get('parameters', [])]
        wanted = re.findall(r'\{(\w+)\}', name)
        in_path = {p.get('name'): p for p in declared if p.get('in') == 'path'}
        violations += [f'{name}: the path parameter {one} is not declared' for one in wanted if one not in in_path]
        violations += [f'{name}: no {one} in the path' for one in in_path if one not in wanted]
        violations += [f'{name}: the path parameter {one} is not required' for one, p in in_path.items() if not p.get('required')]
        violations += [f'{name}: {p.get("name")} has no schema' for p in declared if 'schema' not in p and 'content' not in p]
    return violations


def numbers(routes, document):
    """A route takes {id:int} where the document says integer, and the other way round."""
    violations = []
    patterns = {normal(route): dict(re.findall(r'\{(\w+)(?::(\w+))?\}', route)) for route in routes}
    for name, item, operation in operations(document):
        for parameter in (follow(document, p) for p in item.get('parameters', []) + operation.get('parameters', [])):
            own = parameter.get('name')
            if parameter.get('in') == 'path' and own in patterns.get(name, {}):
                documented = follow(document, parameter.get('schema', {})).get('type')
                if (documented == 'integer') != (patterns[name][own] == 'int'):
                    violations.append(f'{name}: {own} is {patterns[name][own] or "text"} in the route and {documented} in the document')
    return violations


JUDGES = {
    'each route is documented': undocumented,
    'each operation has a route': unrouted,
    'no route is there twice': duplicate_routes,
    'operationIds are there and unique': operation_ids,
    'each operation documents success and problems': answers,
    'each reference leads somewhere, each component is used': references,
    'path parameters are declared': parameters,
    'numbers in paths are numbers in both': numbers,
}
CHECKS = {'every plugin was built': every_plugin}
CHECKS.update({name: lambda house, judge=judge: judge(*look(house)) for name, judge in JUDGES.items()})

_ROUTES = ['GET /a/{id:int}', 'POST /api/v1/setup']
_OPERATION = {'operationId': 'getA', 'parameters': [{'name': 'id', 'in': 'path', 'required': True, 'schema': {'type': 'integer'}}],
              'responses': {'200': {'description': 'OK'}, 'default': {'$ref': '#/components/responses/Problem'}}}
_PLAIN = {'responses': _OPERATION['responses']}
_DOCUMENT = {'paths': {'/a/{id}': {'get': _OPERATION}, '/api/v1/setup': {'post': {**_PLAIN, 'operationId': 'setUp'}},
                       '/api/v1/realtime': {'get': {**_PLAIN, 'operationId': 'open'}}},
             'components': {'responses': {'Problem': {'description': 'A problem.'}}}}


def _mutant(judge, change):
    def mutant():
        routes, document = list(_ROUTES), copy.deepcopy(_DOCUMENT)
        before = judge(routes, document)
        if before:
            raise AssertionError(f'the example itself is judged bad: {before}')
        change(routes, document)
        return judge(routes, document)
    return mutant


def _operation(document):
    return document['paths']['/a/{id}']['get']


MUTANTS = {
    'an undocumented route': _mutant(undocumented, lambda r, d: r.append('GET /b')),
    'an operation without a route': _mutant(unrouted, lambda r, d: r.pop(0)),
    'a stale exception': _mutant(unrouted, lambda r, d: r.append('GET /api/v1/realtime')),
    'a route that is there twice': _mutant(duplicate_routes, lambda r, d: r.append('GET /a/{other}')),
    'a repeated operationId': _mutant(operation_ids, lambda r, d: _operation(d).update(operationId='setUp')),
    'a missing success': _mutant(answers, lambda r, d: _operation(d)['responses'].pop('200')),
    'missing problems': _mutant(answers, lambda r, d: _operation(d)['responses'].pop('default')),
    'a reference that leads nowhere': _mutant(references, lambda r, d: _operation(d)['responses'].update({'404': {'$ref': '#/components/x/y'}})),
    'a component nobody uses': _mutant(references, lambda r, d: d['components'].update(schemas={'Idle': {}})),
    'an undeclared path parameter': _mutant(parameters, lambda r, d: _operation(d).pop('parameters')),
    'a number that is documented as text': _mutant(numbers, lambda r, d: _operation(d)['parameters'][0]['schema'].update(type='string')),
}
