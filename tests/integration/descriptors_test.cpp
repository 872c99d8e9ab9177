// A server with few descriptors: it refuses connections before its files have none left, and comes back.
#include <gmock/gmock.h>

#include <filesystem>
#include <iterator>
#include <memory>
#include <vector>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;

constexpr int kLimit = 400;
constexpr int kSockets = 40;
// What is left to the database and other files at the least.
constexpr int kForFiles = 64;

std::ptrdiff_t open_descriptors(pid_t pid) {
  return std::distance(fs::directory_iterator("/proc/" + std::to_string(pid) + "/fd"),
                       fs::directory_iterator());
}

// Its status, 0 when it was closed without a word.
int asks(Connection& connection) {
  try {
    connection.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    return connection.read_reply().status;
  } catch (const std::exception&) {
    return 0;
  }
}

TEST(Descriptors, AreNeverAllTakenByConnections) {
  TestServer server({.descriptors = kLimit});
  Client member = server.register_user("ann");
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < kSockets; ++i) sockets.push_back(std::make_unique<Socket>(server.address()));

  std::vector<std::unique_ptr<Connection>> connections;
  int served = 0, refused = 0;
  for (int i = 0; i < 2 * kLimit; ++i) {
    auto connection = std::make_unique<Connection>("127.0.0.1", server.port());
    const int status = asks(*connection);
    (status == 200 ? served : refused) += 1;
    if (status != 200) {
      EXPECT_THAT(status, ::testing::AnyOf(0, 503));
    }
    connections.push_back(std::move(connection));
  }
  EXPECT_GT(served, kLimit / 4);
  EXPECT_GT(refused, kLimit);
  EXPECT_LE(served + kSockets, kLimit - kForFiles) << "sockets count too";
  EXPECT_LE(open_descriptors(server.pid()), kLimit - kForFiles);

  // Whoever is connected is served, with new sessions of the database.
  EXPECT_EQ(member.get("/posts").status, 200);
  EXPECT_EQ(member.get("/users/me").status, 200);
  EXPECT_EQ(sockets.back()->ask(R"({"op":"ping"})")["op"], "ok");

  connections.clear();
  sockets.clear();
  EXPECT_TRUE(eventually([&] {
    Connection connection("127.0.0.1", server.port());
    return asks(connection) == 200;
  })) << "it does not accept any more";
  EXPECT_NO_THROW(Socket(server.address()));
}

// More at once than are accepted in turn.
TEST(Descriptors, ABurstIsSurvived) {
  TestServer server({.descriptors = kLimit});
  for (int round = 0; round < 3; ++round) {
    std::vector<std::unique_ptr<Connection>> burst;
    for (int i = 0; i < 3 * kLimit; ++i) {
      burst.push_back(std::make_unique<Connection>("127.0.0.1", server.port()));
    }
    burst.clear();
    EXPECT_TRUE(eventually([&] {
      Connection connection("127.0.0.1", server.port());
      return asks(connection) == 200;
    }));
  }
}

}  // namespace
}  // namespace stoa::harness
