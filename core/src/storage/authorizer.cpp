#include "storage/authorizer.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>

namespace stoa::core::storage {
namespace {

constexpr std::string_view kAutoIndex = "sqlite_autoindex_";

bool is_catalogue(std::string_view table) {
  static constexpr std::array<std::string_view, 5> kTables = {
      "sqlite_master", "sqlite_schema", "sqlite_temp_master", "sqlite_temp_schema", "sqlite_sequence"};
  return std::find(kTables.begin(), kTables.end(), table) != kTables.end();
}

std::string_view view(const char* text) {
  return text ? std::string_view(text) : std::string_view();
}

}  // namespace

void Authorizer::act(const Owner* who, bool changes_schema) {
  owner = who;
  changing_schema = changes_schema;
  refused = false;
  refused_name.clear();
}

bool Authorizer::allows(int action, const char* first, const char* second, const char* database) {
  if (!owner || judge(action, view(first), view(second), view(database))) return true;
  if (!refused)
    refused_name = view(action == SQLITE_FUNCTION || action == SQLITE_ALTER_TABLE ? second : first);
  refused = true;
  return false;
}

bool Authorizer::judge(int action, std::string_view first, std::string_view second,
                       std::string_view database) {
  const bool is_temporary = database == "temp" && !(changing_schema && is_catalogue(first));
  if (is_temporary) return false;
  switch (action) {
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE: return true;
    case SQLITE_READ: return may_read(first, second, database);
    case SQLITE_INSERT: return may_change(first);
    case SQLITE_UPDATE:
      // SQLite seems to itself to update the catalogue when it first meets a virtual table; it lets nobody
      // really do it.
      if (first == "sqlite_master") return true;
      return may_change(first);
    case SQLITE_DELETE: return may_change(first);
    case SQLITE_FUNCTION: return second != "load_extension" && second != "fts3_tokenizer";
    case SQLITE_CREATE_TABLE:
      // The first AUTOINCREMENT brings sqlite_sequence with it; nobody can create one by that name.
      return owner->owns(first) || (changing_schema && first == "sqlite_sequence");
    case SQLITE_DROP_TABLE:
    case SQLITE_CREATE_VIEW:
    case SQLITE_DROP_VIEW: return owner->owns(first);
    case SQLITE_CREATE_INDEX:
    case SQLITE_DROP_INDEX:
      return owner->owns(second) && (owner->owns(first) || first.starts_with(kAutoIndex));
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_DROP_TRIGGER: return owner->owns(first) && owner->owns(second);
    case SQLITE_CREATE_VTABLE: return owner->owns(first) && (second == "fts5" || second == "fts5vocab");
    case SQLITE_DROP_VTABLE: return owner->owns(first);
    case SQLITE_ALTER_TABLE: return owner->owns(second);
    case SQLITE_REINDEX:
      return owner->owns(first) ||
             (first.starts_with(kAutoIndex) && owner->owns(first.substr(kAutoIndex.size())));
    case SQLITE_PRAGMA:
      // FTS5 asks for data_version, ALTER TABLE ADD COLUMN for quick_check of its table. As statements of an
      // owner both are refused by their verb.
      return first == "data_version" || (first == "quick_check" && changing_schema && owner->owns(second));
    default: return false;
  }
}

bool Authorizer::may_read(std::string_view table, std::string_view column, std::string_view database) {
  if (owner->owns(table) || table == "json_each" || table == "json_tree") return true;
  if (changing_schema && (is_catalogue(table) || table == "pragma_quick_check")) return true;
  if (table == "sqlite_master" && column == "ROWID") return true;
  if (!column.empty() || !database.empty() || table.starts_with("sqlite_") || table.starts_with("pragma_"))
    return false;
  unproven.emplace_back(table);
  return true;
}

bool Authorizer::may_change(std::string_view table) const {
  return owner->owns(table) || (changing_schema && is_catalogue(table));
}

}  // namespace stoa::core::storage
