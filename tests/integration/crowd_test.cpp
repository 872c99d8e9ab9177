// Ten thousand WebSockets on one server: everybody hears everything once, most leave at once without leaving
// anything behind, and who comes beyond the limit is told so.
// STOA_SOCKETS=<sockets> (at most kHubHolds) makes it smaller.
#include <gmock/gmock.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

#include "harness/crowd.hpp"
#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMany = 10'000;
// Of the hub (realtime/hub.hpp).
constexpr std::size_t kHubHolds = 12'000;
// A bound for sanity; `./dev bench realtime` measures it. A sanitizer's own memory says nothing about ours,
// so that it is not looked at there.
constexpr std::size_t kBytesPerSocket = 16 * 1024;
constexpr bool kMemoryIsBoundedWithSanitizers = false;

// Raises what this process may open, which its servers inherit. False when the hard limit is below that.
bool allow_descriptors(std::size_t count) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
  limit.rlim_cur = limit.rlim_max;
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max >= count;
}

// The server keeps some back for files and for those whom it refuses.
std::size_t descriptors_for(std::size_t sockets) {
  return sockets * 5 / 4 + 1'000;
}

bool is_sanitized(const TestServer& server) {
  std::ifstream maps("/proc/" + std::to_string(server.pid()) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    if (line.find("libasan") != line.npos || line.find("libtsan") != line.npos) return true;
  }
  return false;
}

// Of the server: files and sessions of the database, which come and go, are not counted.
std::size_t open_sockets(const TestServer& server) {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(server.pid()) + "/fd")) {
    std::error_code gone;
    if (fs::read_symlink(entry.path(), gone).string().starts_with("socket:")) ++count;
  }
  return count;
}

// stoa_sockets_open of /metrics.
std::size_t gauge(Client& client) {
  constexpr std::string_view kName = "stoa_sockets_open ";
  std::istringstream lines(client.get("//metrics").body);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kName)) return std::stoul(line.substr(kName.size()));
  }
  throw std::runtime_error("no gauge of the sockets");
}

// The answer to an upgrade; a 101 leaves the socket open in `connection`.
Reply upgrade(Connection& connection) {
  connection.write(
      "GET /api/v1/realtime HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  return connection.read_reply();
}

// A whole answer that says what is wrong and when to come back, and an end of the stream behind it.
void expect_refusal(Connection& connection, const Reply& reply) {
  EXPECT_EQ(reply.status, 503) << reply;
  EXPECT_EQ(reply.problem(), "overloaded") << reply;
  EXPECT_NE(reply.header("Retry-After"), "") << reply;
  EXPECT_EQ(connection.read_to_end(), "");
}

// Whoever comes now is refused, again and again.
void expect_full(const TestServer& server) {
  for (int i = 0; i < 20; ++i) {
    Connection connection("127.0.0.1", server.port());
    expect_refusal(connection, upgrade(connection));
  }
}

class Lap {
 public:
  // Prints what took how long since the last one.
  void done(const std::string& what) {
    const auto now = std::chrono::steady_clock::now();
    std::cout << what << ": " << std::chrono::duration<double>(now - began_).count() << " s\n";
    began_ = now;
  }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

class CrowdTest : public ::testing::Test {
 protected:
  void write_post(Client& client, const std::string& title) {
    const Reply reply = client.post(
        "/posts", object({{"title", title}, {"body", "For everybody."}, {"category_ids", array({1})}}));
    ASSERT_EQ(reply.status, 201) << reply;
    ids_.push_back(reply.json()["id"].integer());
  }
  // Each post was one event, in the order of their sequence numbers.
  void expect_all_told(const Crowd& crowd) const {
    ASSERT_EQ(crowd.events().size(), ids_.size());
    std::int64_t seq = 0;
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      const Json event = Json::parse(crowd.events()[i]);
      EXPECT_EQ(event["type"], "posts.post.created");
      EXPECT_EQ(event["data"]["id"], ids_[i]);
      EXPECT_GT(event["seq"].integer(), seq);
      seq = event["seq"].integer();
    }
  }

  std::vector<std::int64_t> ids_;
};

TEST_F(CrowdTest, OfTenThousandHearsEverythingOnceAndLeavesNothingBehind) {
  TestServer server({.start = false});
  const char* wanted = std::getenv("STOA_SOCKETS");
  if (!allow_descriptors(descriptors_for(kHubHolds))) {
    GTEST_SKIP() << "the hard limit of descriptors is below " << descriptors_for(kHubHolds);
  }
  server.start();
  const std::size_t count = wanted ? std::stoul(wanted) : kMany;
  Client boss = server.create_admin();
  Client other = server.client();
  ASSERT_EQ(gauge(other), 0u);
  const std::size_t sockets_before = open_sockets(server);

  Lap lap;
  Crowd crowd(server.address(), "posts");
  crowd.join(count / 10);  // what many of them share is there with the first
  const std::size_t resident = server.resident();
  crowd.join(count - count / 10);
  lap.done(std::to_string(count) + " sockets opened and subscribed");
  EXPECT_EQ(gauge(other), count);
  EXPECT_EQ(open_sockets(server), sockets_before + count);
  const std::size_t grown =
      (server.resident() - std::min(resident, server.resident())) / (count - count / 10);
  std::cout << server.resident() / 1024 << " KB resident, " << grown << " bytes more for each socket\n";
  if (kMemoryIsBoundedWithSanitizers || !is_sanitized(server)) {
    EXPECT_LE(grown, kBytesPerSocket);
  }

  for (const char* title : {"The first", "The second", "The third"}) write_post(boss, title);
  crowd.await_events(3);
  lap.done("three posts at everybody");
  crowd.expect_silence();
  expect_all_told(crowd);
  lap.done("an exchange with everybody");
  if (count >= kMany) {
    crowd.join(kHubHolds - count);
    expect_full(server);
    EXPECT_EQ(gauge(other), kHubHolds);
    lap.done("the hub filled up");
  }

  const std::size_t half = crowd.size() / 2;
  crowd.reset(half / 2);
  crowd.close(half - half / 2);
  EXPECT_TRUE(eventually([&] { return gauge(other) == crowd.size(); })) << gauge(other);
  EXPECT_TRUE(eventually([&] { return open_sockets(server) == sockets_before + crowd.size(); }))
      << open_sockets(server);
  lap.done("half of them gone, by close and by reset");
  EXPECT_NO_THROW(Socket(server.address()));
  write_post(boss, "For those who stayed");
  crowd.await_events(4);
  crowd.expect_silence();
  expect_all_told(crowd);

  crowd.reset(crowd.size());
  EXPECT_TRUE(eventually([&] { return gauge(other) == 0; })) << gauge(other);
  EXPECT_TRUE(eventually([&] { return open_sockets(server) == sockets_before; })) << open_sockets(server);
  lap.done("all of them gone");
}

// Few descriptors are a smaller limit than the hub's own.
TEST_F(CrowdTest, BeyondTheLimitIsRefusedInWords) {
  constexpr int kDescriptors = 600;
  TestServer server({.descriptors = kDescriptors});
  std::vector<std::unique_ptr<Connection>> sockets;
  while (sockets.size() < kDescriptors) {
    auto connection = std::make_unique<Connection>("127.0.0.1", server.port());
    const Reply reply = upgrade(*connection);
    if (reply.status != 101) {
      expect_refusal(*connection, reply);
      break;
    }
    sockets.push_back(std::move(connection));
  }
  EXPECT_GT(sockets.size(), kDescriptors / 2u);
  ASSERT_LT(sockets.size(), static_cast<std::size_t>(kDescriptors));
  expect_full(server);

  sockets.pop_back();
  EXPECT_TRUE(eventually([&] {
    Connection connection("127.0.0.1", server.port());
    return upgrade(connection).status == 101;
  })) << "there is no place where one left";
}

}  // namespace
}  // namespace stoa::harness
