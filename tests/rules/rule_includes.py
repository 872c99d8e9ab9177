"""Who may include what: the dependency rule of the house."""

import posixpath
import re

from house import MemoryHouse, cpp_without_comments, line_of

CPP17 = set('''
algorithm any array atomic bitset cassert cctype cerrno cfenv cfloat charconv chrono cinttypes climits clocale cmath complex
condition_variable csetjmp csignal cstdarg cstddef cstdint cstdio cstdlib cstring ctime cuchar cwchar cwctype deque exception
execution filesystem forward_list fstream functional future initializer_list iomanip ios iosfwd iostream istream iterator
limits list locale map memory memory_resource mutex new numeric optional ostream queue random ratio regex scoped_allocator set
shared_mutex sstream stack stdexcept streambuf string string_view system_error thread tuple type_traits typeindex typeinfo
unordered_map unordered_set utility valarray variant vector
stdatomic.h stddef.h stdint.h stdbool.h stdio.h stdlib.h string.h limits.h errno.h assert.h inttypes.h
'''.split())
CPP20 = CPP17 | set('barrier bit compare concepts coroutine latch numbers ranges semaphore source_location span stop_token syncstream version'.split())
SYSTEM = set('''
arpa/inet.h cxxabi.h dirent.h dlfcn.h elf.h execinfo.h fcntl.h ifaddrs.h link.h malloc.h netdb.h netinet/in.h netinet/tcp.h poll.h
pthread.h pwd.h sched.h semaphore.h signal.h spawn.h strings.h sys/epoll.h sys/eventfd.h sys/file.h sys/inotify.h sys/ioctl.h sys/mman.h
sys/mount.h sys/prctl.h sys/random.h sys/resource.h sys/select.h sys/sendfile.h sys/signalfd.h sys/socket.h sys/stat.h
sys/statvfs.h sys/syscall.h sys/sysinfo.h sys/time.h sys/timerfd.h sys/types.h sys/uio.h sys/un.h sys/utsname.h sys/wait.h syslog.h
termios.h time.h ucontext.h unistd.h
'''.split())

# Header prefix, the package it comes from, where it may be included. The first prefix that fits decides; a header that no
# line names is included nowhere.
THIRD_PARTIES = [
    ('pistache/', 'libpistache-dev', ['core/src/http/']),
    ('boost/beast/websocket', 'libboost1.81-dev', ['core/src/realtime/', 'tests/integration/harness/']),
    ('boost/beast/', 'libboost1.81-dev', ['core/src/http/', 'core/src/realtime/', 'tests/integration/harness/']),
    ('boost/asio/', 'libboost1.81-dev', ['core/src/realtime/', 'tests/integration/harness/', 'tests/fuzz/']),
    ('boost/dll/', 'libboost1.81-dev', ['core/src/plugins/']),
    ('soci/', 'libsoci-dev', ['core/src/storage/']),
    ('sqlite3.h', 'libsqlite3-dev', ['core/src/storage/', 'tests/unit/storage/', 'tests/integration/', 'tests/bench/', 'tests/fuzz/']),
    ('CLI/', 'libcli11-dev', ['core/src/cli/']),
    ('toml++/', 'libtomlplusplus-dev', ['core/src/config/']),
    ('valijson/', 'libvalijson-dev', ['core/src/config/']),
    ('spdlog/', 'libspdlog-dev', ['core/src/log/']),
    ('sodium.h', 'libsodium-dev', ['core/src/security/', 'plugins/auth/src/', 'tests/unit/auth/', 'tests/bench/', 'tests/fuzz/']),
    ('zlib.h', 'zlib1g-dev', ['core/src/http/', 'tests/unit/http/']),
    ('brotli/', 'libbrotli-dev', ['core/src/http/', 'tests/unit/http/']),
    ('xxhash.h', 'libxxhash-dev', ['core/src/http/']),
    ('emmintrin.h', 'g++', ['sdk/include/stoa/json_text.hpp']),
    ('rapidjson/', 'rapidjson-dev', ['sdk/include/stoa/rapidjson.hpp', 'core/src/realtime/rapidjson.hpp']),
    ('jwt/', 'libcpp-jwt-dev', ['plugins/auth/src/']),
    ('openssl/', 'libssl-dev', ['plugins/auth/src/']),
    ('md4c.h', 'libmd4c-dev', ['plugins/shared/markdown/']),
    ('gtest/', 'libgtest-dev', ['tests/']),
    ('gmock/', 'libgmock-dev', ['tests/']),
]
# The JSON wrapper is part of the SDK, and RapidJSON and the compiler's own SSE2 are part of the JSON wrapper.
MAY_REACH_EVERYBODY = {'rapidjson/', 'emmintrin.h'}

# Folders of the host and the folders each may include; the composition roots may all.
CORE = {
    'cli': {'cli', 'config', 'crash', 'host', 'log', 'plugins', 'validate'},
    'config': {'config'},
    'crash': {'crash'},
    'host': {'config', 'crash', 'host', 'http', 'jobs', 'log', 'metrics', 'plugins', 'realtime', 'security', 'storage', 'work'},
    'http': {'http', 'security'},
    'jobs': {'crash', 'jobs', 'log', 'storage', 'work'},
    'log': {'log'},
    'metrics': {'metrics'},
    'plugins': {'config', 'crash', 'http', 'jobs', 'log', 'metrics', 'plugins', 'realtime', 'security', 'storage', 'work'},
    'realtime': {'realtime', 'storage'},
    'security': {'security'},
    'storage': {'storage'},
    'testing': {'config', 'host', 'http', 'log', 'plugins', 'realtime', 'storage', 'testing'},
    'validate': {'config', 'http', 'jobs', 'metrics', 'plugins', 'storage', 'validate', 'work'},
    'work': {'work'},
}

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*(?:include|include_next|import)\b[ \t]*(.*)$', re.MULTILINE)
_SOURCES = ('.cpp', '.hpp', '.h', '.c', '.cc', '.S', '.cpp.in')


def includes_of(text):
    """(line, '<' or '"' or '?', name)"""
    for match in _INCLUDE.finditer(cpp_without_comments(text)):
        target = re.match(r'<([^>]+)>|"([^"]+)"', match[1])
        line = line_of(text, match.start())
        if not target:
            yield line, '?', match[1]
        elif target[1]:
            yield line, '<', target[1]
        else:
            yield line, '"', target[2]


def third_party(name):
    return next((row for row in THIRD_PARTIES if name.startswith(row[0])), None)


def home(path):
    """What a file belongs to: 'sdk', 'sdk/examples', 'core', 'plugins/auth', 'plugins/shared', 'tests', …"""
    parts = path.split('/')
    if parts[0] == 'sdk':
        return 'sdk' if parts[1] == 'include' else 'sdk/others'
    return '/'.join(parts[:2]) if parts[0] == 'plugins' else parts[0]


def resolve(path, name, known):
    """Where a quoted include leads: a path of the tree, 'generated', or None."""
    folder = posixpath.dirname(path)
    of = home(path)
    roots = [folder, 'sdk/include']
    if of == 'core':
        roots.append('core/src')
    elif of.startswith('plugins/') and of != 'plugins/shared':
        roots += [of, of + '/src', 'plugins/shared']
        if name == of.split('/')[1] + '_sql.hpp':
            return 'generated'
    elif of == 'plugins/shared':
        roots.append('plugins/shared')
    elif of == 'sdk/others':
        roots += ['sdk', 'sdk/testing']
        if path.startswith('sdk/examples/'):
            roots.append('/'.join(path.split('/')[:3]) + '/src')
        if re.fullmatch(r'[\w@]+_sql\.hp{0,2}', name):
            return 'generated'
    elif of == 'tests':
        kind, *rest = path.split('/')[1:]
        roots += ['tests/' + kind, 'core/src', 'sdk/testing']
        if rest and kind == 'unit':
            roots += [f'plugins/{rest[0]}/src', 'plugins/shared']
        if kind == 'fuzz':
            roots += ['plugins/auth/src', 'plugins/posts/src', 'plugins/shared']
        if kind == 'sdk':  # its tests run a real server, too
            roots.append('tests/integration')
        if kind == 'integration':  # thousands of sockets are read as the benchmark's generators read them
            roots.append('tests')
        if len(rest) > 1 and re.fullmatch(r'\w+_sql\.hpp', name):  # of a test plugin
            return 'generated'
    for root in roots:
        candidate = posixpath.normpath(posixpath.join(root, name))
        if candidate in known:
            return candidate
    return None


def judge(path, sign, name, known):
    """What is wrong with one include, or None."""
    of = home(path)
    if sign == '?':
        return f'includes by a macro: {name}'
    if sign == '<' and of == 'sdk/others' and name.startswith('stoa/'):  # as an author includes it
        return None if 'sdk/include/' + name in known else f'the SDK has no <{name}>'
    if sign == '<':
        if name in (CPP17 if of == 'sdk' else CPP20):
            return None
        if name in SYSTEM:
            return 'the SDK uses the standard library only: <' + name + '>' if of == 'sdk' else None
        row = third_party(name)
        if not row:
            return f'no rule knows <{name}>'
        if not any(path == place or (place.endswith('/') and path.startswith(place)) for place in row[2]):
            return f'<{name}> belongs to {", ".join(row[2])} only'
        return None
    if '..' in name.split('/'):
        return f'"{name}" climbs out of its folder'
    target = resolve(path, name, known)
    if target is None:
        return f'"{name}" is none of its own files, nor of those it may use'
    if target == 'generated':
        return None
    there = home(target)
    if of == 'core' and there == 'core':
        parts, others = path.split('/'), target.split('/')
        if len(parts) > 3 and others[2] not in CORE.get(parts[2], ()):
            return f'core/src/{parts[2]} does not use core/src/{others[2]}: "{name}"'
        return None
    allowed = {'sdk': {'sdk'}, 'sdk/others': {'sdk', 'sdk/others'}, 'core': {'core', 'sdk'}, 'tests': None,
               'plugins/shared': {'plugins/shared', 'sdk'}}.get(of, {of, 'plugins/shared', 'sdk'})
    if allowed is not None and there not in allowed:
        return f'"{name}" is of {there}'
    return None


def sources(house):
    return [p for p in house.files(*_SOURCES) if p.split('/')[0] in ('core', 'plugins', 'sdk', 'tests')]


def every_include(house):
    files = sources(house)
    known = set(files)
    violations = []
    for path in files:
        for line, sign, name in includes_of(house.text(path)):
            wrong = judge(path, sign, name, known)
            if wrong:
                violations.append(f'{path}:{line}: {wrong}')
    return violations


def nothing_leaks(house):
    """A third party's header must not reach another folder through a header of ours either."""
    files = sources(house)
    known = set(files)
    direct = {}
    for path in files:
        ours, theirs = set(), set()
        for _, sign, name in includes_of(house.text(path)):
            if sign == '"':
                target = resolve(path, name, known)
                if target in known:
                    ours.add(target)
            elif sign == '<' and name not in CPP20 and name not in SYSTEM:
                theirs.add(name)
        direct[path] = (ours, theirs)
    violations = []
    for path in files:
        if path.startswith('tests/'):
            continue
        seen, waiting = {path}, [(path, path)]
        while waiting:
            at, way = waiting.pop()
            for name in direct[at][1] if at != path else ():
                row = third_party(name)
                if row and row[0] not in MAY_REACH_EVERYBODY and not any(path.startswith(place) for place in row[2]):
                    violations.append(f'{path}: <{name}> reaches it by {way}')
            for target in direct[at][0] - seen:
                seen.add(target)
                waiting.append((target, target if at == path else f'{way} and {target}'))
    return violations


def packages(house):
    listed = {line.split('#')[0].strip().split(' ')[-1] for line in house.text('config/packages.txt').splitlines()}
    used = set()
    for path in sources(house):
        used |= {third_party(name)[1] for _, sign, name in includes_of(house.text(path)) if sign == '<' and third_party(name)}
    return [f'config/packages.txt lacks {package}, whose headers are included' for package in sorted(used - listed)]


CHECKS = {
    'each file includes only what its folder may': every_include,
    "third parties' headers stay in their folders": nothing_leaks,
    'packages of included headers are listed': packages,
}


def _caught(path, text, others=(), check=every_include):
    return lambda: check(MemoryHouse({**{other: '' for other in others}, **(text if isinstance(text, dict) else {path: text})}))


MUTANTS = {
    'a plugin that includes the host': _caught(
        'plugins/chat/src/a.cpp', '#include "storage/database.hpp"\n', ['core/src/storage/database.hpp']),
    'a plugin that includes another': _caught(
        'plugins/chat/src/a.cpp', '#include "names.hpp"\n', ['plugins/auth/src/names.hpp']),
    'a way around by ..': _caught(
        'plugins/chat/src/a.cpp', '#include "../../auth/src/names.hpp"\n', ['plugins/auth/src/names.hpp']),
    'the SDK with a POSIX header': _caught('sdk/include/stoa/a.hpp', '#include <unistd.h>\n'),
    'the SDK with a header of C++20': _caught('sdk/include/stoa/a.hpp', '#include <span>\n'),
    'the SDK with RapidJSON beside its wrapper': _caught('sdk/include/stoa/json.hpp', '#include <rapidjson/document.h>\n'),
    'Pistache outside its folder': _caught('core/src/host/a.cpp', '#  include <pistache/http.h> // why not\n'),
    'WebSockets of Beast in the HTTP folder': _caught('core/src/http/a.cpp', '#include <boost/beast/websocket.hpp>\n'),
    'an unknown third party': _caught('core/src/http/a.cpp', '#include <curl/curl.h>\n'),
    'an include by macro': _caught('core/src/http/a.cpp', '#include HEADER\n'),
    'a layer that looks up': _caught('core/src/storage/a.cpp', '#include "http/problem.hpp"\n', ['core/src/http/problem.hpp']),
    'a leak through a header': _caught('', {
        'core/src/storage/native.hpp': '#include <soci/soci.h>\n',
        'core/src/host/a.cpp': '#include "storage/native.hpp"\n'}, check=nothing_leaks),
    'a package that is not listed': _caught('', {
        'config/packages.txt': 'g++\n', 'core/src/http/a.cpp': '#include <zlib.h>\n'}, check=packages),
}
