// How often somebody may ask, and what is said to who asks more often.
#include <gmock/gmock.h>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr int kReads = 3'000;  // a minute
constexpr int kAtOnce = 50;

std::string asking(std::string_view path, std::string_view address) {
  return "GET " + std::string(path) +
         " HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: " + std::string(address) + "\r\n\r\n";
}

Reply ask(const TestServer& server, std::string_view path, std::string_view address) {
  Connection connection("127.0.0.1", server.port());
  connection.write(asking(path, address));
  return connection.read_reply();
}

// The first refusal, and how many answers of another kind came before it.
std::pair<Reply, int> flood(const TestServer& server, std::string_view path, std::string_view address) {
  std::string burst;
  for (int i = 0; i < kAtOnce; ++i) burst += asking(path, address);
  Connection connection("127.0.0.1", server.port());
  Reply refused;
  int before = 0;
  for (int sent = 0; sent < 20 * kReads && refused.status != 429; sent += kAtOnce) {
    connection.write(burst);
    for (int i = 0; i < kAtOnce; ++i) {
      Reply reply = connection.read_reply();
      if (refused.status == 429) continue;
      if (reply.status == 429) {
        refused = std::move(reply);
      } else {
        ++before;
      }
    }
  }
  return {refused, before};
}

class Limits : public ::testing::Test {
 protected:
  TestServer server_{{.environment = {{"STOA__HTTP__TRUSTED_PROXIES", "127.0.0.1"}}, .limits = true}};
};

TEST_F(Limits, TellEachAnswerWhatIsLeft) {
  const Reply reply = ask(server_, "/api/v1/posts/999", "203.0.113.1");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.header("RateLimit-Policy"), "\"reads\";q=3000;w=60");
  EXPECT_THAT(reply.header("RateLimit"), StartsWith("\"reads\";r=2999;t="));
}

TEST_F(Limits, HoldOneAddressBackAndNoOther) {
  const auto [refused, before] = flood(server_, "/api/v1/posts/999", "2001:db8:0:1::1");
  ASSERT_EQ(refused.status, 429);
  EXPECT_GE(before, kReads);
  EXPECT_EQ(refused.problem(), "rate-limited");
  EXPECT_THAT(refused.header("RateLimit"), StartsWith("\"reads\";r=0;t="));
  EXPECT_GE(std::stoi(refused.header("Retry-After")), 1);
  // Who holds one IPv6 address holds all of its network; others are not concerned.
  EXPECT_LT(flood(server_, "/api/v1/posts/999", "2001:db8:0:1:ffff::2").second, kReads / 10);
  EXPECT_EQ(ask(server_, "/api/v1/posts/999", "2001:db8:0:2::1").status, 404);
  EXPECT_EQ(ask(server_, "/api/v1/posts/999", "203.0.113.2").status, 404);
  // What watches the server is always answered.
  EXPECT_EQ(ask(server_, "/healthz", "2001:db8:0:1::1").status, 200);
}

TEST_F(Limits, HoldForPagesThatAreMadeAnew) {
  const auto [refused, before] = flood(server_, "/p/999999", "203.0.113.3");
  ASSERT_EQ(refused.status, 429);
  EXPECT_GE(before, kReads);
  EXPECT_THAT(refused.header("Content-Type"), HasSubstr("text/html"));
  EXPECT_GE(std::stoi(refused.header("Retry-After")), 1);
  EXPECT_THAT(refused.body, HasSubstr("<title>"));
  EXPECT_EQ(ask(server_, "/p/999999", "203.0.113.4").status, 404);
}

TEST(NoLimits, WhereTheyAreSwitchedOff) {
  TestServer server;
  EXPECT_EQ(ask(server, "/api/v1/posts/999", "203.0.113.1").header("RateLimit"), "");
}

}  // namespace
}  // namespace stoa::harness
