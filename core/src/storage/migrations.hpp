// Brings the tables of an owner up to date, one migration after the other.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "storage/database.hpp"
#include "storage/transaction.hpp"

namespace stoa::core::storage {

class Migrations {
 public:
  // Runs work in a transaction of `owner`, or of the host itself where it is empty, and waits.
  using Transact = std::function<Result<void>(const std::string& owner,
                                              const std::function<Result<void>(SqlTransaction&)>&)>;

  // `name` is what stands in core_migration; `owner` whose tables the statements may reach (empty: the host).
  Migrations(std::string name, std::string owner, std::span<const Migration> migrations);
  // How many were applied. Errors name owner and migration.
  Result<int> apply(const Transact& transact);

 private:
  Result<void> check_order() const;
  // How many are applied already; refuses what does not fit.
  Result<std::size_t> compare(SqlTransaction& host) const;
  Result<void> check_prefix(SqlTransaction& host) const;
  Result<void> apply_one(SqlTransaction& transaction, const Migration& migration) const;
  Error failed(const Migration& migration, ErrorCode code, const std::string& why) const;

  std::string name_, owner_;
  std::span<const Migration> migrations_;
};

// Of a migration's text, in hexadecimal digits. Against accidents, not against malice.
std::string checksum_of(std::string_view text);

}  // namespace stoa::core::storage
