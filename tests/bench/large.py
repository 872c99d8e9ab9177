"""The large data set, made from the small one by SQL: a hundredth of the time the HTTP API would take.

Texts, HTML, slugs, hashes and the plain text of the search index are copied from rows that the API has made; who wrote what,
where it stands and what is counted is made here, by statements that are checked against the API's own rows: after the copying,
every rule in RULES must hold for all rows, the API's and these. So the tables are as the API would have left them, but for two
things that no read measured here looks at: the event log (a forum trims it after 7 days) and notifications."""

import bisect
import os
import random
import shutil
import sqlite3
import time
from contextlib import closing

from processes import Failure

COMMENTS_EACH = 10
BATCH, NEWEST = 64, 16 * 1024  # texts in one transaction of the indexer; how many are written so
A_MILLISECOND = 100  # rows that are made in one, so that their times lie in the past

FACTS = "'a' || {author} || ' c' || replace({categories}, ',', ' c')"
SHELVES = '''SELECT id AS post_id, 0 AS shelf, pinned, last_activity_at, score FROM posts_post
UNION ALL SELECT id, -author_id, pinned, last_activity_at, score FROM posts_post
UNION ALL SELECT p.id, c.value, p.pinned, p.last_activity_at, p.score FROM posts_post p, json_each('[' || p.category_ids || ']') c'''
RULES = {
    'comment_count is the number of comments':
        'SELECT count(*) FROM posts_post p WHERE comment_count <> (SELECT count(*) FROM posts_comment c WHERE c.post_id = p.id AND listed = 1)',
    'a post is active when it or its last comment is made':
        'SELECT count(*) FROM posts_post p WHERE last_activity_at <> coalesce('
        '(SELECT created_at FROM posts_comment c WHERE c.post_id = p.id AND listed = 1 ORDER BY id DESC LIMIT 1), created_at)',
    'lists hold each post, its author and its categories':
        f'SELECT (SELECT count(*) FROM (SELECT * FROM posts_listing EXCEPT SELECT * FROM ({SHELVES}))) + '
        f'(SELECT count(*) FROM (SELECT * FROM ({SHELVES}) EXCEPT SELECT * FROM posts_listing))',
    'post_count is the number of posts':
        'SELECT count(*) FROM posts_category g WHERE post_count <> (SELECT count(*) FROM posts_listing WHERE shelf = g.id)',
    'posts are indexed': f'''SELECT count(*) FROM posts_post p LEFT JOIN posts_found_post f ON f.rowid = p.id
        WHERE f.title IS NOT p.title OR f.facts IS NOT {FACTS.format(author='p.author_id', categories='p.category_ids')}''',
    'comments are indexed': f'''SELECT count(*) FROM posts_comment c JOIN posts_post p ON p.id = c.post_id
        LEFT JOIN posts_found_comment f ON f.rowid = c.id
        WHERE f.body IS NULL OR f.facts IS NOT {FACTS.format(author='c.author_id', categories='p.category_ids')}''',
    'times rise with ids':  # almost: a time is taken before its turn in the commit
        'SELECT count(*) FROM (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS before FROM posts_comment) '
        'WHERE created_at < before - 1000',
    'the index reaches the last one': '''SELECT
        (SELECT value FROM posts_mark WHERE name = 'indexed_posts') <> (SELECT max(id) FROM posts_post) OR
        (SELECT value FROM posts_mark WHERE name = 'indexed_comments') <> (SELECT max(id) FROM posts_comment)''',
}


def copies(db, table, plan, made, order):
    """For each row of the plan (id, source, …) the source's row of the table, with what is made in place of what it has."""
    names = [row[1] for row in db.execute(f'PRAGMA table_info({table})')]
    values = ', '.join(made.get(name, f's."{name}"') for name in names)
    db.execute(f'INSERT INTO {table} ({", ".join(names)}) SELECT {values} FROM {plan} n JOIN {table} s ON s.{order} = n.source ORDER BY n.id')


def found(db, table, plan, facts):
    """The same for a table of the search index. The newest come in small transactions, as the forum's own indexer writes them: an
    index that was written at once has fewer segments, and is faster to search."""
    texts = [row[1] for row in db.execute(f'PRAGMA table_info({table})') if row[1] != 'facts']
    last = db.execute(f'SELECT max(id) FROM {plan}').fetchone()[0]
    first = max(0, last - NEWEST)
    for above, to in ((0, first), *((i, i + BATCH) for i in range(first, last, BATCH))):
        db.execute('BEGIN')
        db.execute(f'INSERT INTO {table} (rowid, {", ".join(texts)}, facts) SELECT n.id, {", ".join("s." + t for t in texts)}, {facts} '
                   f'FROM {plan} n JOIN {table} s ON s.rowid = n.source JOIN posts_post p ON p.id = n.post '
                   'WHERE n.id > ? AND n.id <= ? ORDER BY n.id', (above, to))
        db.execute('COMMIT')


def plan(db, posts, users, untouched):
    draw = random.Random(1)
    last_user, last_post, last_comment, now = db.execute('''SELECT (SELECT max(id) FROM auth_user), (SELECT max(id) FROM posts_post),
        (SELECT max(id) FROM posts_comment), (SELECT max(created_at) FROM posts_comment) + 1''').fetchone()
    texts_of_comments = db.execute('SELECT count(*) FROM posts_comment WHERE post_id <> ?', (untouched,)).fetchone()[0]
    db.execute('CREATE TEMP TABLE new_user (id INTEGER PRIMARY KEY, source)')
    db.executemany('INSERT INTO new_user VALUES (?, 1)', ((i,) for i in range(last_user + 1, users + 1)))
    db.execute('CREATE TEMP TABLE new_post (id INTEGER PRIMARY KEY, source, post, author, time)')
    db.executemany('INSERT INTO new_post VALUES (?1, ?2, ?1, ?3, ?4)',
                   ((i, 1 + draw.randrange(untouched - 1), 1 + draw.randrange(users), now + (i - last_post) // A_MILLISECOND)
                    for i in range(last_post + 1, posts + 1)))
    now += posts // A_MILLISECOND + 1
    sums, total = [], 0.0
    for i in range(posts):
        if i + 1 != untouched:
            total += 1 / (i + 1)
        sums.append(total)
    db.execute('CREATE TEMP TABLE new_comment (id INTEGER PRIMARY KEY, source, post, author, time)')
    db.executemany('INSERT INTO new_comment VALUES (?, ?, ?, ?, ?)',
                   ((i, 1 + draw.randrange(texts_of_comments), 1 + bisect.bisect_right(sums, draw.random() * total), 1 + draw.randrange(users),
                     now + (i - last_comment) // A_MILLISECOND) for i in range(last_comment + 1, posts * COMMENTS_EACH + 1)))


def enlarge(folder, posts, users, untouched):
    """Of a copy of the small set, in place. untouched: the last post of the small set, which gets no more comments."""
    db = sqlite3.connect(f'{folder}/stoa.db', isolation_level=None)
    for pragma in ('journal_mode = OFF', 'synchronous = OFF', 'cache_size = -500000', 'temp_store = MEMORY'):
        db.execute(f'PRAGMA {pragma}')
    db.execute('BEGIN')
    plan(db, posts, users, untouched)
    copies(db, 'auth_user', 'new_user', {'id': 'n.id', 'nickname': "'reader' || n.id", 'nickname_key': "'reader' || n.id", 'email':
                                         "'reader' || n.id || '@forum.example'", 'email_key': "'reader' || n.id || '@forum.example'"}, 'id')
    made = {'id': 'n.id', 'author_id': 'n.author', 'created_at': 'n.time', 'changed_at': 'n.time', 'changed_by': 'n.author'}
    copies(db, 'posts_post', 'new_post', made | {'comment_count': '0', 'last_activity_at': 'n.time'}, 'id')
    copies(db, 'posts_text', 'new_post', {'post_id': 'n.id'}, 'post_id')
    copies(db, 'posts_comment', 'new_comment', made | {'post_id': 'n.post'}, 'id')
    db.execute('''UPDATE posts_post SET comment_count = comment_count + k.count, last_activity_at = k.last FROM
        (SELECT post, count(*) AS count, max(time) AS last FROM new_comment GROUP BY post) k WHERE k.post = posts_post.id''')
    db.execute('DELETE FROM posts_listing')
    db.execute(f'INSERT INTO posts_listing SELECT * FROM ({SHELVES}) ORDER BY post_id, shelf')
    db.execute('UPDATE posts_category SET post_count = (SELECT count(*) FROM posts_listing WHERE shelf = posts_category.id)')
    for mark, table in (('indexed_posts', 'posts_post'), ('indexed_comments', 'posts_comment')):
        db.execute(f'UPDATE posts_mark SET value = (SELECT max(id) FROM {table}) WHERE name = ?', (mark,))
    db.execute('COMMIT')
    for table, new in (('posts_found_post', 'new_post'), ('posts_found_comment', 'new_comment')):
        found(db, table, new, FACTS.format(author='n.author', categories='p.category_ids'))
    check(db)
    db.execute('PRAGMA journal_mode = WAL')
    db.close()


def check(db):
    for rule, statement in RULES.items():
        broken = db.execute(statement).fetchone()[0]
        if broken:
            raise Failure(f'{rule}: not so {broken} times')


def make(bench, posts, users):
    """(folder, seconds it took). The rules are asked of the API's own rows first."""
    folder, started = os.path.join(bench.scratch, 'large'), time.monotonic()
    shutil.copytree(bench.data.copy(), folder)
    with closing(sqlite3.connect(f'file:{folder}/stoa.db?mode=ro', uri=True)) as db:
        check(db)
    enlarge(folder, posts, users, bench.data.post['id'])
    return folder, time.monotonic() - started
