CREATE TABLE auth_user (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  nickname TEXT NOT NULL,
  nickname_key TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  role BIGINT NOT NULL,
  first_name TEXT,
  last_name TEXT,
  age BIGINT,
  gender TEXT,
  bio TEXT NOT NULL DEFAULT '',
  avatar_url TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  suspended_until BIGINT,
  suspension_reason TEXT
);
CREATE INDEX auth_user_role ON auth_user (role, id);

CREATE TABLE auth_session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  sid TEXT NOT NULL UNIQUE,
  user_id BIGINT NOT NULL REFERENCES auth_user (id),
  refresh_hash TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT NOT NULL,
  address TEXT NOT NULL
);
CREATE INDEX auth_session_user ON auth_session (user_id, id);
CREATE INDEX auth_session_expiry ON auth_session (expires_at);

-- Refresh tokens that were exchanged a moment ago.
CREATE TABLE auth_spent_token (
  token_hash TEXT NOT NULL PRIMARY KEY,
  session_id BIGINT NOT NULL REFERENCES auth_session (id),
  spent_at BIGINT NOT NULL
);
CREATE INDEX auth_spent_token_session ON auth_spent_token (session_id, spent_at);
