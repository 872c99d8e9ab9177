// What the tests of the HTTP edge share: a server with a member, and requests written out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {

inline constexpr std::string_view kHost = "Host: localhost\r\n";

// "GET /x HTTP/1.1", Host and `fields` (each with its line end).
inline std::string head_of(std::string_view line, std::string_view fields = "") {
  return std::string(line) + " HTTP/1.1\r\n" + std::string(kHost) + std::string(fields) + "\r\n";
}

// An answer that nothing else gives: 204.
inline std::string probe() {
  return head_of("OPTIONS *");
}

class EdgeServer : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = new TestServer();
    member_ = new Client(server_->register_user("ann"));
    const Reply plain = server_->client().get("//");
    const auto at = plain.body.find("/assets/css/");
    if (at == std::string::npos) throw std::runtime_error("the page names no style sheet");
    file_ = plain.body.substr(at, plain.body.find('"', at) - at);
  }
  static void TearDownTestSuite() {
    delete member_;
    delete server_;
  }
  // Whoever broke it is named by the test that comes next.
  void TearDown() override { EXPECT_EQ(server_->client().get("//healthz").status, 200); }

  static Connection connect() { return Connection("127.0.0.1", server_->port()); }
  static std::string bearer() { return "Authorization: Bearer " + member_->token() + "\r\n"; }

  // Asks a worker to render that text, which comes back within the answer.
  static std::string preview(const std::string& text, std::string_view fields = "") {
    const std::string body = "{\"body\":\"" + text + "\"}";
    return head_of("POST /api/v1/posts/preview",
                   bearer() + "Content-Type: application/json\r\nContent-Length: " +
                       std::to_string(body.size()) + "\r\n" + std::string(fields)) +
           body;
  }
  // Asks an I/O thread for one byte of a file, whose place comes back within the answer.
  static std::string byte_at(int place) {
    const std::string at = std::to_string(place);
    return head_of("GET " + file_, "Range: bytes=" + at + "-" + at + "\r\n");
  }
  static std::string place_of(const Reply& reply) {
    const std::string range = reply.header("Content-Range");
    return range.substr(0, range.find('/'));
  }

  inline static TestServer* server_ = nullptr;
  inline static Client* member_ = nullptr;
  inline static std::string file_;  // its path
};

}  // namespace stoa::harness
