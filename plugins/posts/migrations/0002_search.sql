-- Plain text of posts and comments. facts: "a<author id> c<category id> …", so that filters are words too.
CREATE VIRTUAL TABLE posts_found_post USING fts5(title, body, facts, tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE posts_found_comment USING fts5(body, facts, tokenize = 'unicode61 remove_diacritics 2');

-- What changed behind the index's mark. kind: 1 post, 2 comment.
CREATE TABLE posts_stale (
  kind BIGINT NOT NULL,
  id BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
