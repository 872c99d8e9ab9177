-- Counters, kept in the transaction of each change.
CREATE TABLE notification_user (
  user_id BIGINT PRIMARY KEY,
  unread BIGINT NOT NULL,
  kept BIGINT NOT NULL
);

-- state: 0 unread, 1 read, 2 hidden (every vote it gathered was taken back).
-- post_id: the post the subject is or lies in. started_at, alerts: of a group of votes. last_part_id: the newest message.
CREATE TABLE notification_item (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id BIGINT NOT NULL,
  type TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  post_id BIGINT,
  title TEXT NOT NULL,
  url TEXT NOT NULL,
  count BIGINT NOT NULL,
  state BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  alerts BIGINT NOT NULL,
  last_part_id BIGINT NOT NULL
);

CREATE INDEX notification_item_newest ON notification_item (user_id, updated_at, id);
CREATE INDEX notification_item_unread ON notification_item (user_id, updated_at, id) WHERE state = 0;
CREATE INDEX notification_item_subject ON notification_item (subject_kind, subject_id, user_id, type, id);
CREATE INDEX notification_item_post ON notification_item (post_id, title) WHERE post_id IS NOT NULL;
CREATE INDEX notification_item_post_unread ON notification_item (post_id, user_id) WHERE state = 0;

-- Who did it. parts: how often; last_seq: the event of the last time.
CREATE TABLE notification_actor (
  notification_id BIGINT NOT NULL REFERENCES notification_item (id),
  user_id BIGINT NOT NULL,
  parts BIGINT NOT NULL,
  last_seq BIGINT NOT NULL,
  PRIMARY KEY (notification_id, user_id)
);

CREATE INDEX notification_actor_newest ON notification_actor (notification_id, last_seq);

-- Who was told of which text, so that no edit tells anybody twice. Outlives the notifications.
CREATE TABLE notification_told (
  subject_kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (subject_kind, subject_id, user_id)
);

-- Only what differs from the default, in the application and not by e-mail.
CREATE TABLE notification_preference (
  user_id BIGINT NOT NULL,
  type TEXT NOT NULL,
  in_app BIGINT NOT NULL,
  email BIGINT NOT NULL,
  PRIMARY KEY (user_id, type)
);

-- level: 'watching' or 'muted'; no row is normal.
CREATE TABLE notification_subscription (
  post_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  level TEXT NOT NULL,
  PRIMARY KEY (post_id, user_id)
);
