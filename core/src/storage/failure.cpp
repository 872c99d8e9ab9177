#include "storage/failure.hpp"

#include <sqlite3.h>

namespace stoa::core::storage {
namespace {

Error conflict(std::string_view kind, std::string_view sentence, std::string_view message) {
  Error error{ErrorCode::conflict, std::string(sentence), {}, std::string(kind)};
  // "UNIQUE constraint failed: users.email"; a foreign key names nothing.
  const auto colon = message.find(": ");
  if (colon != std::string_view::npos) error.pointer = message.substr(colon + 2);
  return error;
}

Error constraint_error(int code, std::string_view message) {
  switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return conflict("unique", "The value is already taken.", message);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return conflict("foreign_key", "Something this refers to, or that refers to it, stands against it.",
                      {});
    case SQLITE_CONSTRAINT_NOTNULL: return conflict("not_null", "A value is missing.", message);
    default: return conflict("check", "A value is not allowed here.", message);
  }
}

}  // namespace

Error error_of(int code, std::string_view message) {
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return constraint_error(code, message);
    case SQLITE_AUTH:
    case SQLITE_PERM:
      return {ErrorCode::forbidden, "The statement reaches beyond the tables of its owner.", {}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::overloaded, "The storage is busy.", {}, {}, 1};
    case SQLITE_FULL: return {ErrorCode::unavailable, "The storage is full.", {}};
    case SQLITE_READONLY: return {ErrorCode::unavailable, "The storage is read-only.", {}};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_NOLFS: return {ErrorCode::unavailable, "The storage does not answer.", {}};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorCode::unavailable, "The storage is corrupt.", {}};
    case SQLITE_TOOBIG: return {ErrorCode::too_large, "The value is too large to be stored.", {}};
    default: return {ErrorCode::internal, "A statement failed.", {}};
  }
}

bool breaks_connection(int code) {
  switch (code & 0xff) {
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
    case SQLITE_NOMEM:
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_READONLY: return true;
    default: return false;
  }
}

Error open_error(const std::string& path, int code, std::string_view message) {
  std::string sentence;
  switch (code & 0xff) {
    case SQLITE_NOTADB: sentence = "is not a database"; break;
    case SQLITE_CORRUPT: sentence = "is a corrupt database"; break;
    case SQLITE_READONLY:
    case SQLITE_PERM: sentence = "cannot be written"; break;
    case SQLITE_CANTOPEN: sentence = "cannot be opened"; break;
    case SQLITE_FULL: sentence = "has no room left on its disk"; break;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: sentence = "is locked by another process"; break;
    default: sentence = "cannot be used";
  }
  return {ErrorCode::unavailable, path + " " + sentence + " (" + std::string(message) + ").", {}};
}

}  // namespace stoa::core::storage
