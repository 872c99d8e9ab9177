"""What reading costs on a large forum against a small one: CPU time of the server for each request, with the cache off."""

import json
import os
import sqlite3
from contextlib import closing

import large
from data import POSTS
from processes import Failure
from reads import checked

SIZES = {False: (100_000, 20_000), True: (10_000, 2_000)}  # quick: posts, users; ten comments for each post
SAMPLE = 100
CLIENTS = 8
ON_A_PAGE = 20
WORDS = ('garden', 'winter', 'because', 'library', 'bicycle', 'the', 'of', 'winter+garden', 'music+of+the+river', '%22the+forum%22')


def sampled(rows):
    return [rows[i * len(rows) // SAMPLE] for i in range(SAMPLE)] if len(rows) > SAMPLE else rows


def paths_in(folder):
    """{what: paths}: of the posts that fill a page with comments a sample, from the most to the least discussed."""
    with closing(sqlite3.connect(f'file:{folder}/stoa.db?mode=ro', uri=True)) as db:
        posts = sampled(db.execute('SELECT id, slug FROM posts_post WHERE comment_count >= ? ORDER BY comment_count DESC, id',
                                   (ON_A_PAGE,)).fetchall())
        categories = [row[0] for row in db.execute('SELECT slug FROM posts_category WHERE post_count > 0 ORDER BY id')]
    api = '/api/v1'
    return {
        'feed': [f'{api}/posts', f'{api}/posts?sort=new', f'{api}/posts?sort=top', *(f'{api}/posts?category={c}' for c in categories)],
        'home page': ['/'],
        'post': [f'{api}/posts/{i}' for i, _ in posts],
        'post page': [f'/p/{i}/{slug}' for i, slug in posts],
        'comments': [f'{api}/posts/{i}/comments' for i, _ in posts],
        'newest comments': [f'{api}/posts/{i}/comments?sort=new' for i, _ in posts],
        'search for posts, common words': [f'{api}/search?type=posts&q={word}' for word in WORDS],
        'search for comments, common words': [f'{api}/search?type=comments&q={word}' for word in WORDS],
        'search for comments of an author': [f'{api}/search?type=comments&q={word}+author:writer{n}' for n, word in enumerate(WORDS)],
    }


def read(bench, server, paths, connections=CLIENTS):
    file = os.path.join(bench.scratch, 'paths')
    with open(file, 'w') as lines:
        lines.write('\n'.join(paths) + '\n')
    cpu = server.cpu_s()
    report = bench.tool('stoa_bench_load', '--port', server.port, '--kind', 'reads', '--paths', file, '--connections', connections,
                        '--seconds', bench.seconds, port=server.port)
    return {'cpu_ms': max(server.cpu_s() - cpu, 0.01) * 1000 / report['done'], 'p99_ms': report['p99_ms']}


def full(server, what, paths):
    """Lists must hold as many items in both sets."""
    for path in paths:
        body = checked(server.port, path)[0]
        if '/api/' in path and what != 'post' and len(json.loads(body)['items']) < ON_A_PAGE and 'author' not in path:
            raise Failure(f'GET {path} gives {len(json.loads(body)["items"])} items')


def flat(bench):
    posts, users = SIZES[bench.options.quick]
    folders = {'small': bench.data.copy()}
    bench.say('making the large set')
    folders['large'], took = large.make(bench, posts, users)
    size = f'{posts:,} posts, {posts * large.COMMENTS_EACH:,} comments, {users:,} users'
    bench.say(f'the large set ({size}, {os.path.getsize(folders["large"] + "/stoa.db") / 1e9:.2f} GB) was made in {took:.0f} s')
    starts = []
    for _ in range(bench.rounds):
        result = {}
        for name, folder in folders.items():
            server = bench.stoa(folder)
            result[name] = server.start()
            bench.stop(server)
        starts.append(result)
    servers, paths = {}, {}
    for name, folder in folders.items():
        paths[name] = paths_in(folder)
        servers[name] = bench.stoa(folder, STOA__CACHE__MAX_MB='0')
        servers[name].start()
        for what, some in paths[name].items():
            full(servers[name], what, some)
        servers[name].settle()
    rounds = []
    for _ in range(bench.rounds):
        rounds.append({what: {name: read(bench, servers[name], paths[name][what]) for name in servers} for what in paths['small']})
        for what in paths['small']:
            if what.startswith('search'):
                for name in servers:
                    rounds[-1][what][name]['alone_p99_ms'] = read(bench, servers[name], paths[name][what], 1)['p99_ms']
    bench.stop_all()
    bench.raw['flat'] = {'large_set': size, 'made_in_s': took, 'start_ms': starts, 'rounds': rounds}
    for what in paths['small']:
        bench.row('flat', f'{what}, cache off, {posts:,} posts', 'ms of CPU each', f'{POSTS:,} posts',
                  [(r[what]['large']['cpu_ms'], r[what]['small']['cpu_ms']) for r in rounds], '≤ 1.5')
    for what in (w for w in paths['small'] if w.startswith('search')):
        bench.row('flat', f'{what}, p99, 1 client, {posts:,} posts', 'ms', f'{POSTS:,} posts',
                  [(r[what]['large']['alone_p99_ms'], r[what]['small']['alone_p99_ms']) for r in rounds], 'ours ≤ 20 ms')
    bench.row('flat', f'to the first 200, {posts:,} posts', 'ms', f'{POSTS:,} posts', [(r['large'], r['small']) for r in starts],
              'ours ≤ 500 ms')
