#include "storage/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "storage/connection_native.hpp"
#include "storage/failure.hpp"

namespace stoa::core::storage {

using namespace sqlite_api;

struct Backup::Native {
  explicit Native(const std::string& path) : target(soci::sqlite3, soci_text(path, false)) {
    db = static_cast<soci::sqlite3_session_backend*>(target.get_backend())->conn_;
  }
  ~Native() { sqlite3_backup_finish(copy); }

  soci::session target;
  sqlite_api::sqlite3* db;
  sqlite3_backup* copy = nullptr;
};

Backup::Backup(std::string path) : path_(std::move(path)) {}

Result<std::unique_ptr<Backup>> Backup::start(Connection& source, const std::string& path) {
  if (path.find('"') != std::string::npos) {
    return Error{
        ErrorCode::unavailable, path + " cannot be used: a path must not hold a quotation mark.", {}};
  }
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return Error{ErrorCode::conflict, path + " exists already.", {}};
  if (file < 0)
    return Error{ErrorCode::unavailable, path + " cannot be created (" + std::strerror(errno) + ").", {}};
  ::close(file);
  std::unique_ptr<Backup> self(new Backup(path));
  try {
    self->native_ = std::make_unique<Native>(path);
  } catch (const std::exception& error) {
    return open_error(path, SQLITE_CANTOPEN, error.what());
  }
  self->native_->copy = sqlite3_backup_init(self->native_->db, "main", source.native().db, "main");
  if (!self->native_->copy) {
    return open_error(path, sqlite3_errcode(self->native_->db), sqlite3_errmsg(self->native_->db));
  }
  return self;
}

Backup::~Backup() {
  native_.reset();
  if (!is_complete_) remove_files();
}

Result<bool> Backup::step(int pages) {
  const int code = sqlite3_backup_step(native_->copy, pages);
  switch (code) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return false;
    case SQLITE_DONE: break;
    default: return open_error(path_, code, sqlite3_errstr(code));
  }
  const int finished = sqlite3_backup_finish(std::exchange(native_->copy, nullptr));
  if (finished != SQLITE_OK) return open_error(path_, finished, sqlite3_errstr(finished));
  is_complete_ = true;
  return true;
}

void Backup::remove_files() const {
  for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
}

}  // namespace stoa::core::storage
