// An engine on a database in a directory of its own.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "jobs/engine.hpp"

namespace stoa::core::jobs {

using std::chrono::milliseconds;
using std::chrono::seconds;

inline constexpr seconds kPatience{20};

// What happened, in order, for the thread that waits for it.
class Diary {
 public:
  void add(std::string what) {
    const std::lock_guard lock(mutex_);
    entries_.push_back(std::move(what));
    changed_.notify_all();  // under the lock: who waits may be about to destroy this
  }
  bool has(std::size_t count) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return entries_.size() >= count; });
  }
  std::vector<std::string> entries() {
    const std::lock_guard lock(mutex_);
    return entries_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> entries_;
};

// Holds up a run until it is opened.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock lock(mutex_);
    arrived_ = true;
    changed_.notify_all();
    changed_.wait_for(lock, kPatience, [&] { return open_; });
  }
  bool somebody_came() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, kPatience, [&] { return arrived_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool arrived_ = false, open_ = false;
};

class JobsTest : public ::testing::Test {
 protected:
  JobsTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stoa-jobs-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    open_database();
  }
  ~JobsTest() override {
    close();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  void open_database() {
    storage::DatabaseOptions options;
    options.path = (directory_ / "stoa.db").string();
    auto opened = storage::Database::open(std::move(options));
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = std::move(*opened);
  }
  Engine& start(Options options = {}) {
    options.again = milliseconds(20);
    engine_ = std::make_unique<Engine>(std::move(options), *database_);
    return *engine_;
  }
  void close() {
    if (engine_) engine_->stop(kPatience);
    if (database_) database_->close();
    engine_.reset();
    database_.reset();
  }
  // As after the end of one process and the start of the next.
  Engine& restart(Options options = {}) {
    close();
    open_database();
    return start(std::move(options));
  }

  static Queue queue(std::function<Result<void>(JobId, std::string_view)> run, int attempts = 5) {
    return {.attempts = attempts, .backoff = milliseconds(1), .run = std::move(run)};
  }
  // One that writes each payload down.
  static AgendaPtr listing(Diary& diary, const std::string& name = "q") {
    auto agenda = std::make_shared<Agenda>();
    agenda->add_queue(name, queue([&diary](JobId, std::string_view payload) -> Result<void> {
                        diary.add(std::string(payload));
                        return {};
                      }));
    return agenda;
  }
  Result<void> enqueue(const Agenda& agenda, const std::string& owner,
                       const std::vector<std::string>& payloads, std::int64_t run_at = 0,
                       const std::string& name = "q") {
    return database_->write(owner, [&](storage::Transaction& transaction) -> Result<void> {
      for (const std::string& payload : payloads) {
        if (auto done = engine_->enqueue(agenda, owner, transaction, name, payload, run_at); !done)
          return done;
      }
      return {};
    });
  }
  std::int64_t waiting(const std::string& owner) { return engine_->counts()[owner].waiting; }
  bool becomes(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (!condition()) {
      if (std::chrono::steady_clock::now() > until) return false;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return true;
  }

  std::filesystem::path directory_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace stoa::core::jobs
