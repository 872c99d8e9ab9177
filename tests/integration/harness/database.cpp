#include "harness/database.hpp"

#include <sqlite3.h>
#include <stdlib.h>

#include <stdexcept>

namespace stoa::harness {

namespace fs = std::filesystem;

namespace {

class Copy {
 public:
  explicit Copy(const fs::path& original) {
    std::string name = (fs::temp_directory_path() / "stoa-db-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("mkdtemp " + name);
    directory_ = name;
    for (const char* suffix : {"", "-wal"}) {
      if (fs::exists(original.string() + suffix)) fs::copy_file(original.string() + suffix, path() + suffix);
    }
    if (::sqlite3_open_v2(path().c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
      fail("open");
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    ::sqlite3_close(database_);
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  // Every row's first column, a line each.
  std::string ask(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    if (::sqlite3_prepare_v2(database_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) fail(sql);
    std::string out;
    int code = SQLITE_ROW;
    while ((code = ::sqlite3_step(statement)) == SQLITE_ROW) {
      const auto* text = reinterpret_cast<const char*>(::sqlite3_column_text(statement, 0));
      out += (out.empty() ? "" : "\n") + std::string(text ? text : "");
    }
    ::sqlite3_finalize(statement);
    if (code != SQLITE_DONE) fail(sql);
    return out;
  }

 private:
  std::string path() const { return (directory_ / "copy.db").string(); }
  [[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + ::sqlite3_errmsg(database_));
  }

  fs::path directory_;
  sqlite3* database_ = nullptr;
};

}  // namespace

std::string integrity_of(const fs::path& database) {
  try {
    Copy copy(database);
    const std::string state = copy.ask("PRAGMA integrity_check");
    const std::string dangling = copy.ask("PRAGMA foreign_key_check");
    return dangling.empty() ? state : state + "\ndangling: " + dangling;
  } catch (const std::exception& e) {
    return e.what();
  }
}

void write_into(const fs::path& database, const std::string& statements) {
  sqlite3* opened = nullptr;
  ::sqlite3_open_v2(database.string().c_str(), &opened, SQLITE_OPEN_READWRITE, nullptr);
  ::sqlite3_busy_timeout(opened, 60'000);
  const int code = ::sqlite3_exec(opened, statements.c_str(), nullptr, nullptr, nullptr);
  const std::string message = ::sqlite3_errmsg(opened);
  ::sqlite3_close(opened);
  if (code != SQLITE_OK) throw std::runtime_error(statements + ": " + message);
}

std::int64_t number_in(const fs::path& database, const std::string& sql) {
  return std::stoll(Copy(database).ask(sql));
}

}  // namespace stoa::harness
