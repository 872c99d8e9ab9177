// What stands still, or fails on demand, around a host under test.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "storage/database.hpp"

namespace stoa::core::testing {

// [any-thread] Time that moves when told to; bytes that are the same in each run.
class World {
 public:
  World(std::int64_t now_ms, std::uint64_t seed) : wall_ms_(now_ms), random_(seed) {}

  std::int64_t wall_ms() const { return wall_ms_; }
  std::int64_t monotonic_ms() const { return monotonic_ms_; }
  void advance(std::int64_t ms) {
    wall_ms_ += ms;
    monotonic_ms_ += ms;
  }
  void fill(void* out, std::size_t count);

  void log(std::string_view line);
  std::vector<std::string> logs() const;

  bool withheld(std::string_view service) const;
  void withhold(std::string service, bool gone);

 private:
  std::atomic<std::int64_t> wall_ms_;
  std::atomic<std::int64_t> monotonic_ms_{1'000};
  mutable std::mutex mutex_;
  std::mt19937_64 random_;
  std::vector<std::string> logs_;
  std::set<std::string, std::less<>> withheld_;
};

// The real database, whose plugins' transactions fail when told to. The host's own go on.
class FaultyDatabase final : public storage::Database {
 public:
  explicit FaultyDatabase(std::unique_ptr<storage::Database> real) : real_(std::move(real)) {}

  // [any-thread] The next `count` writes (reads) of plugins fail with that error, before anything is run.
  void fail_writes(Error error, int count);
  void fail_reads(Error error, int count);
  // [any-thread] Waits until every durable subscriber has applied, or given up on, each event of `log` that
  // is for it. False when it takes longer than half a minute.
  bool settle(const std::function<std::vector<EventPtr>()>& log);

  using Database::write;
  Result<void> read(std::string_view owner,
                    const std::function<Result<void>(storage::Transaction&)>& work) override;
  void write(std::string owner, Work work, Done done, bool low_priority) override;
  Result<int> migrate(std::string_view owner, std::span<const storage::Migration> migrations) override {
    return real_->migrate(owner, migrations);
  }
  std::uint64_t head() const override { return real_->head(); }
  Result<Stretch> events(std::uint64_t since, std::uint64_t until, std::span<const std::string> channels,
                         std::size_t limit) override {
    return real_->events(since, until, channels, limit);
  }
  Result<std::int64_t> trim(std::int64_t before_ms) override { return real_->trim(before_ms); }
  Result<std::shared_ptr<void>> subscribe(Durable subscriber) override;
  Statistics statistics() const override { return real_->statistics(); }
  Result<void> backup(const std::string& path) override { return real_->backup(path); }
  Result<std::string> integrity() override { return real_->integrity(); }
  void close() override { real_->close(); }

 private:
  struct Fault {
    Error error;
    int left = 0;
  };
  struct Follower {
    std::string owner;
    std::vector<std::string> types;
    std::uint64_t first = 0;  // events before it are none of its business
    std::uint64_t done = 0;
    std::uint64_t failing = 0;
    int failures = 0;
  };
  std::optional<Error> fault(Fault& fault, std::string_view owner);
  bool settled(const std::vector<EventPtr>& log) const;

  const std::unique_ptr<storage::Database> real_;
  mutable std::mutex mutex_;
  Fault write_fault_, read_fault_;
  std::vector<std::weak_ptr<Follower>> followers_;
};

}  // namespace stoa::core::testing
