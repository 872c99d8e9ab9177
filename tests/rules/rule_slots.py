"""Every function of every table of stoa.h is used by a plugin we ship: what nobody uses freezes badly. And by the conform plugin in
C, whose released binaries every later host is tested with."""

import re

from house import MemoryHouse, cpp_without_comments
from rule_docs import HEADER, plugins_sources, tables_script

# How a plugin in C++ says it; one in C says table->function(…). A function that is new in the header needs a line here.
IN_CPP = {
    'log.write': r'\.log\(', 'log.announce': r'\.announce\(',
    'config.settings': r'\.settings\(\)', 'config.host_value': r'\.host_value\(',
    'routes.add': r'\bapp\.(?:get|post|put|patch|del|route)\(', 'routes.method': r'\brequest\.method\(\)',
    'routes.path': r'\brequest\.path\(\)', 'routes.param': r'\.(?:param|id<\w+>)\(', 'routes.query': r'\brequest\.query\(',
    'routes.header': r'\brequest\.header\(', 'routes.cookie': r'\brequest\.cookie\(', 'routes.body': r'\brequest\.body\(\)',
    'routes.peer': r'\brequest\.peer\(\)', 'routes.request_id': r'\brequest\.request_id\(\)',
    'routes.user': r'\b(?:request|r)\.(?:require_)?user\(\)', 'routes.respond': r'\b(?:stoa::)?(?:json|no_content|Response)\(',
    'routes.fail': r'return \w+\.error\(\);', 'routes.defer': r'\.defer\(\)', 'routes.complete': r'\.complete\(',
    'routes.complete_error': r'\.complete\(\w+\.error\(\)|\.complete\([^;]*Error', 'routes.allowed': r'\brequest\.allowed\(',
    'hooks.define': r'\.define_hook\(', 'hooks.filter': r'\.filter\(', 'hooks.fire': r'\.fire\(|\bfire_\(',
    'storage.read': r'storage(?:\(\)|_)\.read\(', 'storage.write': r'storage(?:\(\)|_)\.write\(',
    'storage.write_async': r'\.write_async\(', 'storage.exec': r'\btx_?\.exec\(', 'storage.query': r'\btx_?\.query<',
    'storage.next': r'\.(?:first|all|each)(?:_as<\w+>)?\(',
    'storage.close': r'\btx_?\.query<', 'storage.last_insert_id': r'\.last_insert_id\(\)', 'storage.log_head': r'\.log_head\(\)',
    'storage.drop_tags': r'\.drop_tags\(', 'storage.on_commit': r'\.on_commit\(',
    'events.emit': r'\.emit\(', 'events.redact': r'\.redact\(', 'events.subscribe': r'\.subscribe_(?:durable|live)\(',
    'realtime.claim': r'\.claim\(', 'realtime.ephemeral': r'\.ephemeral\(', 'realtime.revoke': r'\btx\.revoke\(',
    'realtime.end_session': r'\btx\.end_session\(', 'realtime.recheck_user': r'\btx\.recheck_user\(',
    'realtime.presence': r'\.presence\(',
    'services.provide': r'\.provide\(', 'services.acquire': r'\bIdentity\b', 'services.release': r'\bIdentity\b',
    'services.watch': r'\bapp\.watch\(',
    'clock.now_ms': r'\.now_ms\(\)', 'clock.monotonic_ms': r'\.monotonic_ms\(\)', 'random.bytes': r'\.random_bytes\(',
    'permissions.declare': r'\.declare_permission\(', 'permissions.check': r'\bpermissions\.held_by\(',
    'ui.page': r'\.page\(', 'ui.render': r'\bPage\b', 'commands.add': r'\.command\(',
    'jobs.queue': r'\.queue\(', 'jobs.enqueue': r'\.enqueue\(', 'jobs.after': r'\.after\(', 'jobs.every': r'\.every\(',
    'jobs.cancel': r'\.cancel\(', 'jobs.stopping': r'\.stopping\(\)',
    'metrics.define': r'\.(?:counter|gauge|histogram)\(', 'metrics.record': r'\.(?:add|observe)\(', 'metrics.set': r'\b(?:open|gauge)_?\.set\(',
}


def slots(house):
    script = tables_script(house)
    for table, (_, body) in script.tables(house.text(HEADER)).items():
        name = table.removeprefix('stoa.').split('/')[0]
        for function in script.functions(body):
            yield f'{name}.{function}', rf'\b{name}->{function}\('


def unused(wanted, sources):
    """What no source uses. wanted: (slot, how C says it)"""
    cpp = '\n'.join(cpp_without_comments(text) for path, text in sources if path.endswith(('.cpp', '.hpp')))
    c = '\n'.join(cpp_without_comments(text) for path, text in sources if path.endswith(('.c', '.h')))
    return [f'{slot}: no shipped plugin uses it' if slot in IN_CPP else f'{slot}: rule_slots.py does not know how it is used'
            for slot, in_c in wanted if not re.search(in_c, c) and not re.search(IN_CPP.get(slot, '(?!)'), cpp)]


def every_slot_is_used(house):
    return unused(slots(house), [source for sources in plugins_sources(house).values() for source in sources])


CONFORM = 'tests/sdk/plugins/conform/c/'
# Only the provider of stoa.identity/1 may call them.
NOT_CONFORM = {'realtime.end_session', 'realtime.recheck_user'}


def own_slots(house):
    """What is no table that is fetched by its name: the host itself, and what the plugin gives it."""
    script, header = tables_script(house), house.text(HEADER)

    def functions(struct):
        return script.functions(re.search(rf'typedef struct {struct} \{{(.*?)\n\}} {struct};', header, re.S)[1])
    yield from ((f'host.{name}', rf'\bhost->{name}\(') for name in functions('stoa_host'))
    yield from ((f'plugin.{name}', rf'\bdesc\.{name} = ') for name in functions('stoa_plugin_desc'))


def not_conform(wanted, sources):
    c = '\n'.join(cpp_without_comments(text) for path, text in sources if path.startswith(CONFORM) and path.endswith(('.c', '.h')))
    missing = [f'{slot}: the conform plugin in C does not use it' for slot, in_c in wanted
               if slot not in NOT_CONFORM and not re.search(in_c, c)]
    return missing + [f'{slot}: an exception that is used' for slot, in_c in wanted if slot in NOT_CONFORM and re.search(in_c, c)]


def conform_uses_every_slot(house):
    wanted = [*slots(house), *own_slots(house)]
    unknown = [f'{slot}: an exception that stoa.h does not have' for slot in NOT_CONFORM - {slot for slot, _ in wanted}]
    return unknown + not_conform(wanted, [(path, house.text(path)) for path in house.files('.c', '.h')])


CHECKS = {
    'each function of each table is used by a shipped plugin': every_slot_is_used,
    'each function of each table is used by the conform plugin': conform_uses_every_slot,
}


def _conform(slot, text, path=CONFORM + 'jobs.c'):
    return lambda: not_conform([(slot, rf'\b{slot.replace(".", "->")}\(')], [(path, text)])


def _mutant(slot, text, path='plugins/polls/a.cpp'):
    return lambda: unused([(slot, rf'\b{slot.replace(".", "->")}\(')], [(path, text)])


MUTANTS = {
    'a function nobody calls': _mutant('jobs.every', 'app.after(1, run);'),
    'one that is only spoken of': _mutant('jobs.every', '// app.every(1, run)\n'),
    'a function the conform plugin does not call': _conform('jobs.every', 'self->jobs->after(ctx, 1, self, run, &job);'),
    'one that the conform plugin only speaks of': _conform('jobs.every', '/* self->jobs->every(…) */'),
    'one that only another plugin in C calls': _conform('jobs.every', 'jobs->every(ctx);', 'tests/sdk/plugins/neighbour/neighbour.c'),
    'an exception that is none': _conform('realtime.end_session', 'self->realtime->end_session(tx, text("a"));'),
    'a function the rule does not know': _mutant('jobs.never', 'app.never();'),
}
