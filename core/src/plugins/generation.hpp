// One generation of one plugin: the host's side of stoa_ctx. Everything the plugin registers is owned by it.
// The object outlives the plugin's use of it: a call with a retired one is an error, not a crash.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/budget.hpp"
#include "plugins/contributions.hpp"
#include "plugins/elf.hpp"
#include "stoa/result.hpp"
#include "stoa/stoa.h"

namespace stoa::core {
namespace storage {
class Database;
}
namespace realtime {
class Hub;
}
namespace http {
class Cache;
}
namespace work {
class Pool;
}
}  // namespace stoa::core

namespace stoa::core::plugins {

class Background;
class Deferreds;
struct HostParts;
struct Snapshot;
using SnapshotPtr = std::shared_ptr<const Snapshot>;

// The parts of the host that the tables reach. Outlives every generation.
struct HostParts {
  storage::Database* database = nullptr;
  realtime::Hub* hub = nullptr;  // null while a command runs without a server
  http::Cache* cache = nullptr;
  work::Pool* pool = nullptr;
  Deferreds* deferreds = nullptr;
  Background* jobs = nullptr;
  std::function<SnapshotPtr()> snapshot;
  std::function<void(std::string text, std::string path)> announce;
  std::function<Result<std::string>(std::string_view key)> host_value;  // JSON
  // Of a test; empty: the machine's own.
  std::function<std::int64_t()> now_ms, monotonic_ms;
  std::function<void(void* out, std::size_t count)> random;
  std::function<bool(std::string_view service)> withheld;
};

enum class State : std::uint8_t {
  discovered,
  verified,
  resolved,
  loaded,
  created,
  migrated,
  started,
  active,
  draining,
  stopped,
  retired,
  failed,
  quarantined,
  wedged,
  disabled,
};
std::string_view to_string(State state);

std::uint16_t number_of(const std::string& id, const HostParts& host);  // see contract.hpp

}  // namespace stoa::core::plugins

struct stoa_ctx : std::enable_shared_from_this<stoa_ctx> {
  stoa_ctx(stoa::core::plugins::HostParts& parts, stoa::core::plugins::Binary from)
      : host(parts), binary(std::move(from)), id(binary.manifest.id) {}
  stoa_ctx(const stoa_ctx&) = delete;
  stoa_ctx& operator=(const stoa_ctx&) = delete;

  stoa::core::plugins::HostParts& host;
  const stoa::core::plugins::Binary binary;
  const std::string id;
  const std::uint16_t number = stoa::core::plugins::number_of(id, host);  // in its handles
  const stoa_plugin_desc* desc = nullptr;  // checked copy's source; mapped for ever
  void* self = nullptr;
  std::atomic<bool> registering{false};  // inside create
  std::atomic<bool> usable{false};       // storage and services may be used
  std::atomic<bool> accepting{false};    // calls may enter
  std::atomic<std::int64_t> calls{0};    // that run in it or are owed by it, leases among them
  std::atomic<int> overdue{0};           // handlers past their deadline
  stoa::core::plugins::Budget budget;
  stoa::core::plugins::Contributions contributions;  // written in create only
  // The last snapshot it was part of; set before the one without it is published.
  stoa::core::plugins::SnapshotPtr last_snapshot;

  // [any-thread] Checked JSON, defaults filled in. Never null.
  std::shared_ptr<const std::string> settings() const { return std::atomic_load(&settings_); }
  void set_settings(std::string json) {
    std::atomic_store(&settings_, std::make_shared<const std::string>(std::move(json)));
  }

 private:
  std::shared_ptr<const std::string> settings_ = std::make_shared<const std::string>("{}");
};

namespace stoa::core::plugins {

using Generation = ::stoa_ctx;
using GenerationPtr = std::shared_ptr<Generation>;

// [any-thread] The host's side of stoa_host.set_error and last_error, per thread.
void remember_error(Error error);               // of a host call that is about to fail
Error take_callback_error(stoa_status status);  // what a callback set before it returned that status
void clear_callback_error();
// The same where the callback chose the status itself (a rejecting filter); without one, `otherwise`.
Error take_callback_error_as_set(Error otherwise);

// Remembers the error and gives its status.
stoa_status failed(Error error);

// The struct handed to create. Immutable.
const stoa_host* host_table();

}  // namespace stoa::core::plugins
