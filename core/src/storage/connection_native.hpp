// What a connection is made of. Brings SOCI and SQLite in: for the few sources that talk to them. SOCI
// includes sqlite3.h inside the namespace sqlite_api; never include it beside this.
#pragma once

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <array>
#include <string>

#include "storage/connection.hpp"

namespace stoa::core::storage {

struct Connection::Native {
  explicit Native(const std::string& soci_text) : session(soci::sqlite3, soci_text) {
    db = static_cast<soci::sqlite3_session_backend*>(session.get_backend())->conn_;
  }
  ~Native() {
    for (auto* statement : controls) sqlite_api::sqlite3_finalize(statement);
  }

  soci::session session;
  sqlite_api::sqlite3* db = nullptr;
  std::array<sqlite_api::sqlite3_stmt*, kControls> controls{};
  int log_pages = 0;           // in the write-ahead log after the last commit
  int checkpointed_pages = 0;  // of them at the last checkpoint
};

// How SOCI is told to open `path`, which must not hold a double quote.
std::string soci_text(const std::string& path, bool read_only);

}  // namespace stoa::core::storage
