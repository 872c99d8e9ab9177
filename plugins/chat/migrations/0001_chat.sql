CREATE TABLE chat_conversation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  is_pair BIGINT NOT NULL,
  title TEXT,
  creator_id BIGINT NOT NULL,
  local_id TEXT,
  created_at BIGINT NOT NULL
);

CREATE UNIQUE INDEX chat_conversation_local_id ON chat_conversation (creator_id, local_id);

-- One row for each person in a conversation. What every list sorts and counts by is kept here, so that nothing is counted
-- when it is shown. peer_id is the other person of a pair, last_message_id is NULL before the first message.
CREATE TABLE chat_member (
  conversation_id BIGINT NOT NULL REFERENCES chat_conversation (id),
  user_id BIGINT NOT NULL,
  peer_id BIGINT,
  joined_at BIGINT NOT NULL,
  activity_at BIGINT NOT NULL,
  last_message_id BIGINT,
  read_message_id BIGINT NOT NULL DEFAULT 0,
  unread BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation_id, user_id)
);

CREATE INDEX chat_member_activity ON chat_member (user_id, activity_at, conversation_id);
CREATE UNIQUE INDEX chat_member_peer ON chat_member (user_id, peer_id) WHERE peer_id IS NOT NULL;
CREATE INDEX chat_member_contact ON chat_member (user_id, last_message_id) WHERE peer_id IS NOT NULL;
CREATE INDEX chat_member_unread ON chat_member (user_id, conversation_id) WHERE unread > 0;

CREATE TABLE chat_message (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation_id BIGINT NOT NULL REFERENCES chat_conversation (id),
  sender_id BIGINT NOT NULL,
  body TEXT NOT NULL,
  html TEXT NOT NULL,
  renderer BIGINT NOT NULL,
  local_id TEXT,
  created_at BIGINT NOT NULL,
  edited_at BIGINT,
  deleted_at BIGINT
);

CREATE INDEX chat_message_history ON chat_message (conversation_id, id);
CREATE UNIQUE INDEX chat_message_local_id ON chat_message (conversation_id, sender_id, local_id);

-- What a message said before an edit; gone with the message.
CREATE TABLE chat_revision (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  message_id BIGINT NOT NULL REFERENCES chat_message (id),
  body TEXT NOT NULL,
  html TEXT NOT NULL,
  written_at BIGINT NOT NULL
);

CREATE INDEX chat_revision_message ON chat_revision (message_id, id);
