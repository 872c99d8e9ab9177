#include "storage/schema.hpp"

#include <vector>

namespace stoa::core::storage {

// 1400139617 is "Stoa".
const char* const kFoundation =
    "CREATE TABLE IF NOT EXISTS core_migration ("
    " owner TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, checksum TEXT NOT NULL,"
    " applied_at BIGINT NOT NULL, PRIMARY KEY (owner, number)) WITHOUT ROWID;"
    "PRAGMA application_id = 1400139617;"
    "PRAGMA user_version = 1;";

namespace {

// The head is kept in a row of its own, since rowids begin anew when an idle log is trimmed.
constexpr const char* kEventLog = R"(
CREATE TABLE core_log (id INTEGER PRIMARY KEY CHECK (id = 1), head BIGINT NOT NULL, trimmed BIGINT NOT NULL);
INSERT INTO core_log (id, head, trimmed) VALUES (1, 0, 0);

CREATE TABLE core_event (
  seq INTEGER PRIMARY KEY,
  time_ms BIGINT NOT NULL,
  owner TEXT NOT NULL,
  type TEXT NOT NULL,
  subject TEXT NOT NULL,
  channels TEXT NOT NULL,
  data TEXT NOT NULL
);
CREATE INDEX core_event_subject ON core_event (owner, subject) WHERE subject <> '';

CREATE TABLE core_event_channel (
  channel TEXT NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (channel, seq)
) WITHOUT ROWID;

CREATE TABLE core_cursor (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  seq BIGINT NOT NULL,
  failing_seq BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  PRIMARY KEY (owner, name)
) WITHOUT ROWID;

CREATE TABLE core_parked (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  seq BIGINT NOT NULL,
  error TEXT NOT NULL,
  parked_at BIGINT NOT NULL,
  PRIMARY KEY (owner, name, seq)
) WITHOUT ROWID;
)";

// Entries of durable queues. Parked ones have failed for the last time and wait for somebody to look at them.
constexpr const char* kJobs = R"(
CREATE TABLE core_job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  owner TEXT NOT NULL,
  queue TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  error TEXT,
  parked_at BIGINT
);
CREATE INDEX core_job_due ON core_job (owner, queue, run_at, id) WHERE parked_at IS NULL;
CREATE INDEX core_job_parked ON core_job (owner, id) WHERE parked_at IS NOT NULL;
)";

}  // namespace

std::span<const Migration> storage_migrations() {
  static const std::vector<Migration> kMigrations = {{1, "0001_event_log", kEventLog},
                                                     {2, "0002_jobs", kJobs}};
  return kMigrations;
}

}  // namespace stoa::core::storage
