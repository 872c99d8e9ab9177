// Behind a proxy: who asks is what the nearest trusted proxy says, in whatever line it says so.
#include <gmock/gmock.h>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

using ::testing::Not;

std::string address_of(TestServer& server, const std::string& lines) {
  const std::string body = std::string(R"({"login":"ann","password":")") + TestServer::kPassword + "\"}";
  Connection connection("127.0.0.1", server.port());
  connection.write(
      "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + lines +
      "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  Client client = server.client();
  client.adopt(connection.read_reply());
  const Json sessions = client.get("/auth/sessions").json();
  for (const Json& session : sessions["items"].items())
    if (session["current"].boolean()) return session["address"].text();
  return "no session";
}

// RFC 9110, 5.3: several lines are one list, in their order.
TEST(Forwarding, EveryLineCounts) {
  TestServer server({.environment = {{"STOA__HTTP__TRUSTED_PROXIES", "127.0.0.1,10.0.0.0/8"}}});
  server.register_user("ann");
  const std::string forwarded = "X-Forwarded-For: ";
  EXPECT_EQ(address_of(server, ""), "127.0.0.1");
  EXPECT_EQ(address_of(server, forwarded + "203.0.113.7\r\n"), "203.0.113.7");
  EXPECT_EQ(address_of(server, forwarded + "198.51.100.1, 203.0.113.7, 10.1.2.3\r\n"), "203.0.113.7");
  EXPECT_EQ(address_of(server, forwarded + "198.51.100.1\r\n" + forwarded + "203.0.113.7\r\n"), "203.0.113.7")
      << "the client sent the first line";
  EXPECT_EQ(address_of(server, "X-Forwarded-For:\r\nx-forwarded-for: 203.0.113.7\r\n"), "203.0.113.7");
  EXPECT_EQ(address_of(server, forwarded + "203.0.113.7\r\n" + forwarded + "10.1.2.3\r\n"), "203.0.113.7");
  EXPECT_EQ(address_of(server, forwarded + "203.0.113.7, nonsense\r\n"), "127.0.0.1");
}

// What is for this machine only stays so behind a proxy on it.
TEST(Forwarding, AnEmptyLineHidesNoOther) {
  TestServer server;
  const auto metrics = [&](const std::string& lines) {
    Connection connection("127.0.0.1", server.port());
    connection.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n");
    return connection.read_reply().status;
  };
  EXPECT_EQ(metrics(""), 200);
  EXPECT_THAT(metrics("X-Forwarded-For: 203.0.113.7\r\n"), Not(200));
  EXPECT_THAT(metrics("X-Forwarded-For:\r\nX-Forwarded-For: 203.0.113.7\r\n"), Not(200));
  EXPECT_THAT(metrics("Via:\r\nVia: 1.1 proxy\r\n"), Not(200));
}

}  // namespace
}  // namespace stoa::harness
