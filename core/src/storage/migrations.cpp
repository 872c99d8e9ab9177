#include "storage/migrations.hpp"

#include <cstdio>

#include "storage/owner.hpp"
#include "storage/schema.hpp"

namespace stoa::core::storage {

std::string checksum_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
  return digits;
}

Migrations::Migrations(std::string name, std::string owner, std::span<const Migration> migrations)
    : name_(std::move(name)), owner_(std::move(owner)), migrations_(migrations) {}

Result<int> Migrations::apply(const Transact& transact) {
  if (auto ordered = check_order(); !ordered) return ordered.error();
  std::size_t applied = 0;
  auto compared = transact("", [&](SqlTransaction& host) -> Result<void> {
    auto count = compare(host);
    if (!count) return count.error();
    applied = *count;
    return check_prefix(host);
  });
  if (!compared) return compared.error();
  const auto missing = migrations_.subspan(applied);
  for (const Migration& migration : missing) {
    auto done =
        transact(owner_, [&](SqlTransaction& transaction) { return apply_one(transaction, migration); });
    if (!done) return failed(migration, done.error().code, done.error().message);
  }
  return static_cast<int>(missing.size());
}

Result<void> Migrations::check_order() const {
  int expected = 1;
  for (const Migration& migration : migrations_) {
    if (migration.number != expected++) {
      return failed(migration, ErrorCode::internal,
                    "its number is " + std::to_string(migration.number) + ", and " +
                        std::to_string(expected - 1) + " is missing");
    }
  }
  return {};
}

Result<std::size_t> Migrations::compare(SqlTransaction& host) const {
  static constexpr ColumnType kColumns[] = {ColumnType::integer, ColumnType::text, ColumnType::text};
  const Parameter parameters[] = {name_};
  auto rows = host.rows("SELECT number, name, checksum FROM core_migration WHERE owner = ?1 ORDER BY number",
                        parameters, kColumns);
  if (!rows) return rows.error();
  std::size_t count = 0;
  for (;;) {
    auto row = (*rows)->next();
    if (!row) return row.error();
    if (!*row) return count;
    const Migration stored{static_cast<int>((*rows)->integer(0)), std::string((*rows)->text(1)), {}};
    if (count >= migrations_.size()) {
      return failed(stored, ErrorCode::conflict,
                    "it was applied by a newer version; this one does not know it");
    }
    const Migration& known = migrations_[count++];
    if (stored.number != known.number) {
      return failed(known, ErrorCode::conflict,
                    "it is missing in the database, though later ones were applied");
    }
    if ((*rows)->text(2) != checksum_of(known.sql)) {
      return failed(known, ErrorCode::conflict, "its text was changed after it was applied");
    }
  }
}

// "chat" would reach the tables of "chat-extra".
Result<void> Migrations::check_prefix(SqlTransaction& host) const {
  if (owner_.empty()) return {};
  static constexpr ColumnType kColumns[] = {ColumnType::text};
  const Parameter parameters[] = {name_};
  auto rows = host.rows("SELECT DISTINCT owner FROM core_migration WHERE owner <> ?1", parameters, kColumns);
  if (!rows) return rows.error();
  const Owner mine(owner_);
  for (;;) {
    auto row = (*rows)->next();
    if (!row) return row.error();
    if (!*row) return {};
    const Owner other((*rows)->text(0));
    if (other.name == kStorageOwner) continue;
    if (mine.prefix.starts_with(other.prefix) || other.prefix.starts_with(mine.prefix)) {
      return Error{ErrorCode::conflict,
                   owner_ + ": its tables could not be told from those of " + other.name +
                       ", as one name begins with the other.",
                   {}};
    }
  }
}

Result<void> Migrations::apply_one(SqlTransaction& transaction, const Migration& migration) const {
  if (auto ran = transaction.run_script(migration.sql); !ran) return ran;
  SqlTransaction host(transaction.connection(), nullptr, transaction.group(), transaction.context());
  const std::string checksum = checksum_of(migration.sql);
  const Parameter parameters[] = {name_, migration.number, migration.name, checksum,
                                  transaction.context().now_ms()};
  auto noted = host.run(
      "INSERT INTO core_migration (owner, number, name, checksum, applied_at) VALUES (?1, ?2, ?3, ?4, ?5)",
      parameters);
  if (!noted) return noted.error();
  return {};
}

Error Migrations::failed(const Migration& migration, ErrorCode code, const std::string& why) const {
  return {
      code,
      name_ + ": migration " + std::to_string(migration.number) + " (" + migration.name + "): " + why + ".",
      {}};
}

}  // namespace stoa::core::storage
