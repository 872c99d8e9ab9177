CREATE TABLE posts_category (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  color TEXT NOT NULL,
  position BIGINT NOT NULL,
  post_count BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX posts_category_order ON posts_category (position, id);

-- What lists need; the text is apart so that counting a vote does not rewrite it.
CREATE TABLE posts_post (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id BIGINT NOT NULL,
  slug TEXT NOT NULL,
  title TEXT NOT NULL,
  excerpt TEXT NOT NULL,
  category_ids TEXT NOT NULL,
  tags TEXT NOT NULL,
  comment_count BIGINT NOT NULL DEFAULT 0,
  likes BIGINT NOT NULL DEFAULT 0,
  dislikes BIGINT NOT NULL DEFAULT 0,
  score BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  edited_at BIGINT,
  pinned BIGINT NOT NULL DEFAULT 0,
  locked BIGINT NOT NULL DEFAULT 0,
  revision BIGINT NOT NULL DEFAULT 1,
  changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL,
  deleted_at BIGINT,
  deleted_by BIGINT,
  local_id TEXT,
  text_hash BIGINT NOT NULL
);
CREATE INDEX posts_post_author ON posts_post (author_id, id);
CREATE UNIQUE INDEX posts_post_local ON posts_post (author_id, local_id) WHERE local_id IS NOT NULL;

CREATE TABLE posts_text (
  post_id INTEGER PRIMARY KEY,
  renderer BIGINT NOT NULL,
  body TEXT NOT NULL,
  html TEXT NOT NULL
);

-- What lists show of posts that are not deleted.
CREATE VIEW posts_summary AS
SELECT id, slug, title, excerpt, author_id, category_ids, tags, comment_count, likes, dislikes, score, created_at,
       last_activity_at, edited_at, pinned, locked, revision
FROM posts_post WHERE deleted_at IS NULL;

-- The lists a post stands in, with what they are sorted by; a deleted post stands in none. shelf: 0 all posts, a category's
-- id, or an author's id below zero.
CREATE TABLE posts_listing (
  post_id BIGINT NOT NULL,
  shelf BIGINT NOT NULL,
  pinned BIGINT NOT NULL,
  last_activity_at BIGINT NOT NULL,
  score BIGINT NOT NULL,
  PRIMARY KEY (post_id, shelf)
);
CREATE INDEX posts_listing_new ON posts_listing (shelf, post_id);
CREATE INDEX posts_listing_active ON posts_listing (shelf, pinned, last_activity_at, post_id);
CREATE INDEX posts_listing_top ON posts_listing (shelf, score, post_id);

CREATE TABLE posts_comment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  post_id BIGINT NOT NULL,
  parent_id BIGINT,
  depth BIGINT NOT NULL,
  author_id BIGINT NOT NULL,
  likes BIGINT NOT NULL DEFAULT 0,
  dislikes BIGINT NOT NULL DEFAULT 0,
  score BIGINT NOT NULL DEFAULT 0,
  reply_count BIGINT NOT NULL DEFAULT 0,
  listed BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  revision BIGINT NOT NULL DEFAULT 1,
  changed_at BIGINT NOT NULL,
  changed_by BIGINT NOT NULL,
  deleted_at BIGINT,
  deleted_by BIGINT,
  local_id TEXT,
  text_hash BIGINT NOT NULL,
  renderer BIGINT NOT NULL,
  body TEXT NOT NULL,
  html TEXT NOT NULL
);
-- listed: not deleted, or with answers that are listed.
CREATE INDEX posts_comment_order ON posts_comment (post_id, id) WHERE listed = 1;
CREATE INDEX posts_comment_top ON posts_comment (post_id, score, id) WHERE listed = 1;
CREATE INDEX posts_comment_author ON posts_comment (author_id, id);
CREATE UNIQUE INDEX posts_comment_local ON posts_comment (author_id, local_id) WHERE local_id IS NOT NULL;

-- Texts that were replaced. comment_id 0: of the post.
CREATE TABLE posts_revision (
  post_id BIGINT NOT NULL,
  comment_id BIGINT NOT NULL,
  revision BIGINT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL,
  editor_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (post_id, comment_id, revision)
);

-- comment_id 0: on the post.
CREATE TABLE posts_vote (
  user_id BIGINT NOT NULL,
  post_id BIGINT NOT NULL,
  comment_id BIGINT NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (user_id, post_id, comment_id)
);
CREATE INDEX posts_vote_liked ON posts_vote (user_id, post_id) WHERE comment_id = 0 AND value = 1;

CREATE TABLE posts_read (
  user_id BIGINT NOT NULL,
  post_id BIGINT NOT NULL,
  comment_id BIGINT NOT NULL,
  PRIMARY KEY (user_id, post_id)
);

-- Single facts: whether the example categories were made, how far the search index reaches.
CREATE TABLE posts_mark (
  name TEXT PRIMARY KEY,
  value BIGINT NOT NULL
);
