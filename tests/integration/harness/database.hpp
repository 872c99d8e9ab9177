// The database file as SQLite itself sees it, past the server.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace stoa::harness {

// PRAGMA integrity_check and foreign_key_check: "ok", or what is wrong. Looks at a copy of the file and its
// write-ahead log, so nothing is changed. The server must not be running, unless the file is a backup.
std::string integrity_of(const std::filesystem::path& database);

// Runs statements on the file itself, as another process may while the server runs. Throws
// std::runtime_error.
void write_into(const std::filesystem::path& database, const std::string& statements);

// The first column of the first row, of a copy too.
std::int64_t number_in(const std::filesystem::path& database, const std::string& sql);

}  // namespace stoa::harness
