// A whole host without sockets: the real router, checks, hooks, storage, event log and lifecycle, in a
// directory of its own, with time, randomness and faults in the hand of the test.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.hpp"
#include "host/host.hpp"
#include "testing/test_hub.hpp"
#include "testing/world.hpp"

namespace stoa::core::testing {

struct BenchOptions {
  std::vector<std::filesystem::path> plugins;   // files under test
  std::vector<std::string> with;                // ids of bundled plugins to run beside them
  std::map<std::string, std::string> settings;  // plugin id -> lines of its TOML section
  bool private_forum = false;
  bool limits = false;
  std::int64_t now_ms = 0;
  std::uint64_t seed = 1;
  std::filesystem::path prefix;  // holds lib/stoa/plugins, lib/stoa/testing, share/stoa/frontend
};

struct User {
  std::int64_t id = 0;
  std::string nickname;
  std::string role;
};

struct Reply {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;
};

class Bench {
 public:
  // Error: unavailable, with everything that stood in the way, in the words an operator gets.
  static Result<std::unique_ptr<Bench>> open(BenchOptions options);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // Stops the host and starts it again on the same data.
  Result<void> restart();

  // user 0: a stranger. Error: malformed, timeout.
  Result<Reply> request(std::string_view method, std::string_view target,
                        std::vector<std::pair<std::string, std::string>> fields, std::string body,
                        std::int64_t user);
  // Role: member, moderator or admin. Error: validation.
  Result<std::int64_t> add_user(std::string nickname, std::string role);
  Result<int> connect(std::int64_t user);
  host::CommandResult command(const std::vector<std::string>& words);
  // As if that plugin had.
  Result<std::uint64_t> emit(const std::string& owner, const NewEvent& event);
  bool settle();
  void advance(std::int64_t ms);

  World& world() { return *world_; }
  FaultyDatabase& database() { return *database_; }
  TestHub& hub() { return *hub_; }

 private:
  explicit Bench(BenchOptions options) : options_(std::move(options)) {}
  Result<void> lay_out();
  Result<void> start();
  void stop();
  Result<void> tell(const User& user);
  const User* user(std::int64_t id) const;

  const BenchOptions options_;
  std::filesystem::path directory_;
  std::vector<std::string> enabled_;
  std::vector<User> users_;
  std::unique_ptr<World> world_;
  FaultyDatabase* database_ = nullptr;  // the host's
  TestHub* hub_ = nullptr;              // the host's
  std::unique_ptr<host::Host> host_;
  http::Application* application_ = nullptr;
};

}  // namespace stoa::core::testing
