// A database in a directory of its own, and short ways to say the usual.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <future>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/database.hpp"

namespace stoa::core::storage {

inline std::vector<Value> values(std::initializer_list<Value> list) {
  return list;
}
inline Value number(std::int64_t value) {
  return value;
}
inline Value text(std::string value) {
  return value;
}
inline constexpr ColumnType kInteger = ColumnType::integer;
inline constexpr ColumnType kReal = ColumnType::real;
inline constexpr ColumnType kText = ColumnType::text;
inline constexpr ColumnType kBlob = ColumnType::blob;

template <class T>
std::string why(const Result<T>& result) {
  return result ? "it succeeded" : result.error().message;
}

inline Result<void> exec(Transaction& transaction, std::string_view sql,
                         std::initializer_list<Value> list = {}) {
  const std::vector<Value> parameters(list);
  auto done = transaction.exec(sql, parameters);
  if (!done) return done.error();
  return {};
}

// The first column of every row.
inline Result<std::vector<std::int64_t>> integers(Transaction& transaction, std::string_view sql,
                                                  std::initializer_list<Value> list = {}) {
  static constexpr ColumnType kColumns[] = {kInteger};
  const std::vector<Value> parameters(list);
  auto cursor = transaction.query(sql, parameters, kColumns);
  if (!cursor) return cursor.error();
  std::vector<std::int64_t> result;
  for (;;) {
    auto row = (*cursor)->next();
    if (!row) return row.error();
    if (!*row) return result;
    result.push_back((*cursor)->integer(0));
  }
}

// Collects what the database logs.
class Log {
 public:
  void add(std::string_view level, std::string_view message) {
    std::lock_guard lock(mutex_);
    lines_.push_back(std::string(level) + ": " + std::string(message));
  }
  bool contains(std::string_view part) const {
    std::lock_guard lock(mutex_);
    for (const std::string& line : lines_) {
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

class StorageTest : public ::testing::Test {
 protected:
  StorageTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stoa-storage-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
  }
  ~StorageTest() override {
    database_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  std::string path(const std::string& name = "stoa.db") const { return directory_ / name; }

  DatabaseOptions options() {
    DatabaseOptions result;
    result.path = path();
    result.busy_timeout_ms = 2'000;
    result.now_ms = [this] { return now_ms_.load(); };
    result.log = [this](std::string_view level, std::string_view message) { log_.add(level, message); };
    result.on_events = [this](std::span<const EventPtr> events) {
      std::lock_guard lock(published_mutex_);
      published_.insert(published_.end(), events.begin(), events.end());
    };
    return result;
  }

  Database& open(DatabaseOptions with) {
    database_.reset();
    auto opened = Database::open(std::move(with));
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = std::move(*opened);
    return *database_;
  }
  Database& open() { return open(options()); }
  Database& db() { return database_ ? *database_ : open(); }

  // Tables for an owner, as its first migration.
  void create(const std::string& owner, const std::string& sql) {
    const Migration migration{1, "0001_" + owner, sql};
    auto done = db().migrate(owner, {&migration, 1});
    ASSERT_TRUE(done) << why(done);
  }
  Result<void> write(const std::string& owner, std::string_view sql, std::initializer_list<Value> list = {}) {
    return db().write(owner, [&](Transaction& transaction) { return exec(transaction, sql, list); });
  }
  std::vector<std::int64_t> read(const std::string& owner, std::string_view sql,
                                 std::initializer_list<Value> list = {}) {
    std::vector<std::int64_t> result;
    auto done = db().read(owner, [&](Transaction& transaction) -> Result<void> {
      auto found = integers(transaction, sql, list);
      if (!found) return found.error();
      result = std::move(*found);
      return {};
    });
    EXPECT_TRUE(done) << why(done) << " in " << sql;
    return result;
  }
  std::int64_t read_one(const std::string& owner, std::string_view sql,
                        std::initializer_list<Value> list = {}) {
    const auto all = read(owner, sql, list);
    EXPECT_EQ(all.size(), 1u) << sql;
    return all.empty() ? 0 : all[0];
  }
  Result<std::uint64_t> emit(const std::string& owner, NewEvent event) {
    std::uint64_t seq = 0;
    auto done = db().write(owner, [&](Transaction& transaction) -> Result<void> {
      auto emitted = transaction.emit(event);
      if (!emitted) return emitted.error();
      seq = *emitted;
      return {};
    });
    if (!done) return done.error();
    return seq;
  }
  std::vector<EventPtr> published() {
    std::lock_guard lock(published_mutex_);
    return published_;
  }

  // Keeps the writer thread busy, so that what is queued meanwhile shares one commit.
  class Hold {
   public:
    explicit Hold(Database& database) {
      database.write(
          "holder",
          [this](Transaction&) -> Result<void> {
            begun_.set_value();
            release_.get_future().wait();
            return {};
          },
          [this](Result<void>) { ended_.set_value(); });
      begun_.get_future().wait();
    }
    void end() {
      if (std::exchange(over_, true)) return;
      release_.set_value();
      ended_.get_future().wait();
    }
    ~Hold() { end(); }

   private:
    std::promise<void> begun_, release_, ended_;
    bool over_ = false;
  };

  std::filesystem::path directory_;
  std::atomic<std::int64_t> now_ms_{1'000};
  Log log_;
  std::mutex published_mutex_;
  std::vector<EventPtr> published_;
  std::unique_ptr<Database> database_;
};

}  // namespace stoa::core::storage
