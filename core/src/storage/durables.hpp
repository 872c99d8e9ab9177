// Durable subscribers: each follows the event log by a cursor that advances in the transaction of its
// effects.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "storage/database.hpp"
#include "storage/lanes.hpp"
#include "storage/transaction.hpp"
#include "storage/writer.hpp"

namespace stoa::core::storage {

class Durables {
 public:
  Durables() = default;
  // [lifecycle] Before the first subscription.
  void attach(Writer& writer) { writer_ = &writer; }

  // [lifecycle] Errors: conflict (that name is subscribed now), unavailable.
  Result<std::shared_ptr<void>> subscribe(Database::Durable description);
  // [writer] After a commit.
  void committed(std::span<const EventPtr> events, std::uint64_t before, std::uint64_t after);
  // [writer] Writes down how far each has come, so that what is trimmed after it is no gap.
  Result<void> keep_positions(SqlTransaction& host);
  // [writer] Tries again what could not be committed.
  void retry();

 private:
  struct Subscriber;
  struct Turn;
  using Shared = std::shared_ptr<Subscriber>;

  Result<void> place_cursor(SqlTransaction& host, const Database::Durable& description);
  void schedule(const Shared& subscriber);
  void finish(const Shared& subscriber, const Turn& turn, const Result<void>& committed);
  static Result<void> take_turn(Subscriber& subscriber, SqlTransaction& transaction, Turn& turn);
  static Result<void> apply(Subscriber& subscriber, SqlTransaction& transaction, const Event& event,
                            Turn& turn);

  Writer* writer_ = nullptr;
  std::vector<Shared> subscribers_;  // writer thread only
};

}  // namespace stoa::core::storage
