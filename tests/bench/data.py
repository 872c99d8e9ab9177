"""The small data set, made through the HTTP API."""

import json
import os
import shutil
import sqlite3
import time
from contextlib import closing

from processes import Failure, fetch

POSTS, COMMENTS, USERS = 2000, 20000, 12
ON_THE_PAGE = 20
TOKENS_LAST_S = 8 * 60
PASSWORD = 'a long pass phrase for measuring'
DATA_SET = (f'{USERS} users (each costs an Argon2 hash, so few), {POSTS} posts and {COMMENTS} comments, comments over posts by Zipf, '
            f'seed 1; and one post with {ON_THE_PAGE} comments, which is the one that is read')


def call(port, method, path, body, token=None, wanted=(200, 201)):
    headers = [f'Authorization: Bearer {token}'] if token else []
    status, _, answer = fetch(port, path, method, json.dumps(body).encode(), headers)
    if status not in wanted:
        raise Failure(f'{method} {path} answered {status}')
    return json.loads(answer)


class Data:
    """The seeded data directory, made once through the HTTP API; every server works on a copy of its own."""

    def __init__(self, bench):
        self.bench, self.folder = bench, os.path.join(bench.quick_scratch, 'seeded')
        self.tokens_file, self.tokens_age, self.copies = os.path.join(bench.scratch, 'tokens'), 0, 0
        self.post = None

    def prepare(self):
        if self.post:
            return
        bench = self.bench
        bench.say(f'seeding: {DATA_SET}')
        server = bench.stoa(self.folder)
        server.start()
        tokens = [call(server.port, 'POST', '/api/v1/auth/register',
                       {'nickname': f'writer{i}', 'email': f'writer{i}@forum.example', 'password': PASSWORD})['access_token']
                  for i in range(USERS)]
        self.keep(tokens)
        bench.load(server.port, self.tokens_file, '--kind', 'posts', '--count', POSTS)
        bench.load(server.port, self.tokens_file, '--kind', 'comments', '--count', COMMENTS, '--posts', POSTS)
        post = call(server.port, 'POST', '/api/v1/posts', {'title': 'What is measured here', 'body': 'One **post** of usual length. ' * 12,
                                                           'category_ids': [1]}, tokens[0])
        for i in range(ON_THE_PAGE):
            call(server.port, 'POST', f'/api/v1/posts/{post["id"]}/comments',
                 {'body': f'Answer {i}: ' + 'some words that *people* write to each other, ' * (1 + i % 4)}, tokens[i % USERS])
        self.await_index()
        server.settle()
        server.stop()
        self.post = post

    def await_index(self, longest_s=180):
        """The search index follows in the background, also in pauses that look like rest."""
        until = time.monotonic() + longest_s
        with closing(sqlite3.connect(f'file:{self.folder}/stoa.db?mode=ro', uri=True)) as db:
            while db.execute("""SELECT (SELECT value FROM posts_mark WHERE name = 'indexed_comments') IS NOT max(id)
                                FROM posts_comment""").fetchone()[0]:
                if time.monotonic() > until:
                    raise Failure('the search index does not come to its end')
                time.sleep(0.2)

    def keep(self, tokens):
        self.tokens_age = time.monotonic()
        with open(self.tokens_file, 'w') as file:
            file.write('\n'.join(tokens) + '\n')

    def fresh_tokens(self, port):
        if time.monotonic() - self.tokens_age > TOKENS_LAST_S:
            self.keep([call(port, 'POST', '/api/v1/auth/login', {'login': f'writer{i}', 'password': PASSWORD})['access_token']
                       for i in range(USERS)])

    def copy(self):
        self.prepare()
        self.copies += 1
        folder = os.path.join(self.bench.scratch, f'data{self.copies}')
        shutil.copytree(self.folder, folder)
        return folder
