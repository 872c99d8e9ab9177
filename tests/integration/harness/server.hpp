// A real `stoa serve` on a free port and a scratch directory of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/client.hpp"

namespace stoa::harness {

struct ServerOptions {
  std::vector<std::string> plugins = {};                // enabled ones; empty: what the server enables itself
  std::map<std::string, std::string> environment = {};  // "STOA__FORUM__PRIVATE" -> "true"
  std::vector<std::string> arguments = {};              // after "serve"
  bool limits = false;                                  // throttles, quotas, login delays
  bool supervised = false;                              // started again when it crashes
  int descriptors = 0;                                  // RLIMIT_NOFILE; 0: as it is
  bool start = true;
};

// What a child process wrote and how it ended.
struct Outcome {
  int exit_code = -1;  // 128 + signal when one ended it
  std::string out;
  std::string err;
};

// With STOA_TEST_LOGS=<directory> in the environment a server logs at level debug and leaves its log there,
// for the rules. Not thread-safe. Fails the running test when a server does not end with 0, or when its log
// holds the report of a sanitizer.
class TestServer {
 public:
  explicit TestServer(ServerOptions options = {});
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  // Stops the server and removes the directory.
  ~TestServer();

  // Returns when /readyz says 200; throws std::runtime_error with the log otherwise.
  void start();
  // SIGTERM; the exit code, expected to be 0.
  int stop();
  // kill -9.
  void kill();
  void restart() {
    stop();
    start();
  }
  bool is_running();
  // Waits for it to end by itself; its exit code.
  int wait_ended();
  void signal(int number);
  pid_t pid() const { return pid_; }
  // Bytes of memory it holds now.
  std::size_t resident() const;

  // For the next start.
  ServerOptions& options() { return options_; }

  Address address() const { return {"127.0.0.1", port_}; }
  std::string url() const { return address().url(); }
  int port() const { return port_; }
  const std::filesystem::path& directory() const { return directory_; }  // the working directory
  std::filesystem::path data_dir() const { return directory_ / "data"; }
  std::string output() const;  // standard output since the last start
  std::string log() const;     // standard error since the first start

  // The token of the link for the first administrator; waits for the line. Throws when there is none.
  std::string setup_token() const;

  // A stranger.
  Client client() const { return Client(address()); }
  // A new member, showing its token. E-mail <nickname>@example.test, password kPassword.
  Client register_user(const std::string& nickname) const;
  Client login(const std::string& login, const std::string& password) const;
  // The first administrator, by the setup link. Its password is kPassword.
  Client create_admin(const std::string& nickname = "boss") const;

  static constexpr const char* kPassword = "correct horse battery staple";
  // The body of POST /auth/register.
  static std::string registration(const std::string& nickname);

  // `stoa <arguments>` with this server's environment and directory, beside it or without it.
  Outcome run(const std::vector<std::string>& arguments) const;
  // Runs SQL on the database of a stopped server; the rows, NULL as "". Throws std::runtime_error.
  std::vector<std::vector<std::string>> sql(const std::string& statements) const;

 private:
  std::vector<std::string> environment() const;
  bool launch();
  void check_log() const;
  // True when ended within the limit; exit_code_ is set then.
  bool reap(std::chrono::milliseconds limit);

  ServerOptions options_;
  std::filesystem::path directory_;
  int port_ = 0;
  int port_lock_ = -1;
  pid_t pid_ = -1;
  int exit_code_ = -1;
};

// Asks again until it is true; false after `limit`.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds limit = kPatience);

}  // namespace stoa::harness
