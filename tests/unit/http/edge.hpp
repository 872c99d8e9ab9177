// A server with a small application on a free port, and clients that speak bytes.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "http/server.hpp"

namespace stoa::core::http::testing {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Long enough to be wrong about nothing but a hang.
constexpr auto kPatience = seconds(30);

// Waits until the condition holds.
::testing::AssertionResult eventually(const std::function<bool()>& holds);

SharedBytes bytes(std::string text);

// A blocking client.
class Client {
 public:
  struct Answer {
    int status = 0;
    std::string head;
    std::string body;
    std::string field(const std::string& name) const;  // case as sent by the server
  };

  explicit Client(std::uint16_t port, int receive_buffer = 0);
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool send(std::string_view text);  // all of it; false when the connection is gone
  void half_close();
  void reset();  // RST
  void close();
  int descriptor() const { return descriptor_; }

  // Next answer; status 0 when the connection ends first. `to_head`: no body follows.
  Answer answer(bool to_head = false);
  std::string read(std::size_t size);  // less at the end of the stream
  std::string read_to_end();
  bool at_end();  // the server has closed; nothing was left to read
  bool closed_by_reset() const { return reset_; }

 private:
  bool fill();

  int descriptor_ = -1;
  bool reset_ = false;
  std::string buffer_;
};

// Answers by path: /echo the body, /big?<bytes>, /size the body's size, /late on another thread, /hold when
// released, /drop never, /throw, /bad a field that cannot be sent, /ws detaches and echoes, /peer, /close,
// else the target.
class TestApplication : public Application {
 public:
  ~TestApplication() override;
  Admission admit(const RequestHead& head) override;
  void handle(std::shared_ptr<Exchange> exchange) override;
  Response refuse(int status, const std::string& request_id) override;

  std::size_t held();
  void release();  // answers all that is held, on this thread
  std::atomic<int> handled{0};

 private:
  void work();
  void echo_socket(int descriptor, std::string leftover);

  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Exchange>> held_;
  std::vector<std::shared_ptr<Exchange>> late_;
  bool over_ = false;
  std::vector<std::thread> sockets_;
  std::thread worker_{[this] { work(); }};
};

class EdgeTest : public ::testing::Test {
 protected:
  EdgeTest() { options_.port = 0; }
  void TearDown() override;
  void start();
  Client::Answer ask(std::string_view request);  // on a connection of its own
  std::uint16_t port() const { return server_->port(); }

  TestApplication application_;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

std::string get(const std::string& target, const std::string& fields = "");
std::string post(const std::string& target, const std::string& body, const std::string& fields = "");

}  // namespace stoa::core::http::testing
