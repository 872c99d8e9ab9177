CREATE TABLE polls_poll (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  author_id BIGINT NOT NULL,
  question TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  closed BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE polls_option (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  poll_id BIGINT NOT NULL REFERENCES polls_poll (id) ON DELETE CASCADE,
  position BIGINT NOT NULL,
  text TEXT NOT NULL,
  UNIQUE (poll_id, position)
);

CREATE TABLE polls_vote (
  poll_id BIGINT NOT NULL REFERENCES polls_poll (id) ON DELETE CASCADE,
  user_id BIGINT NOT NULL,
  option_id BIGINT NOT NULL REFERENCES polls_option (id) ON DELETE CASCADE,
  PRIMARY KEY (poll_id, user_id)
);
CREATE INDEX polls_vote_option ON polls_vote (option_id);
