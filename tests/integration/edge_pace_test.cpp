// Clients that read or write slowly cost themselves time, and the server no memory and others nothing.
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "edge_fixture.hpp"

namespace stoa::harness {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using Clock = std::chrono::steady_clock;

constexpr int kReaders = 20;
constexpr int kAnswers = 300;  // that each asks for at once
constexpr std::size_t kText = 30'000;
constexpr std::size_t kMega = 1024 * 1024;
// Of what is asked for and not read; it is some hundred times as much.
constexpr std::size_t kGrowth = 48 * kMega;

class Pace : public ::testing::Test {
 protected:
  static TestServer& server() { return *server_; }
  static void SetUpTestSuite() {
    // Memory that is free again shall count as free.
    const char* options = std::getenv("ASAN_OPTIONS");
    server_ =
        new TestServer({.environment = {{"ASAN_OPTIONS", (options ? std::string(options) + ":" : "") +
                                                             "quarantine_size_mb=1:malloc_context_size=1"}}});
    member_ = new Client(server_->register_user("ann"));
    const std::int64_t category = member_->get("/categories").json()["items"][0]["id"].integer();
    const Reply post = member_->post("/posts", object({{"title", "A large one"},
                                                       {"body", std::string(kText, 'x')},
                                                       {"category_ids", array({category})}}));
    if (post.status != 201) throw std::runtime_error(post.body);
    // With a token: an answer of its own each time, of which nothing is shared.
    large_ = head_of("GET /api/v1/posts/" + std::to_string(post.json()["id"].integer()),
                     "Authorization: Bearer " + member_->token() + "\r\n");
  }
  static void TearDownTestSuite() {
    delete member_;
    delete server_;
  }

  static std::unique_ptr<Connection> connect() {
    return std::make_unique<Connection>("127.0.0.1", server_->port());
  }
  // Milliseconds that the slower half and the slowest of 200 requests took.
  static std::pair<double, double> latency() {
    Client other = server_->client();
    std::vector<double> took;
    for (int i = 0; i < 200; ++i) {
      const auto begin = Clock::now();
      EXPECT_EQ(other.get(i % 2 ? "/posts" : "//healthz").status, 200);
      took.push_back(std::chrono::duration<double, std::milli>(Clock::now() - begin).count());
    }
    std::sort(took.begin(), took.end());
    return {took[took.size() / 2], took.back()};
  }

  inline static TestServer* server_ = nullptr;
  inline static Client* member_ = nullptr;
  inline static std::string large_;  // the request
};

TEST_F(Pace, SlowReadersCostNoMemory) {
  {
    auto warm = connect();
    for (int i = 0; i < 50; ++i) warm->write(large_);
    for (int i = 0; i < 50; ++i) EXPECT_GT(warm->read_reply().body.size(), kText);
  }
  const auto usual = latency();
  const std::size_t before = server().resident();
  std::string requests;
  for (int i = 0; i < kAnswers; ++i) requests += large_;
  std::vector<std::unique_ptr<Connection>> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.push_back(connect());
    readers.back()->set_receive_buffer(4096);
    // As much as the server takes: it stops reading once its answers are not read.
    std::string_view rest = requests;
    for (pollfd entry{readers.back()->native(), POLLOUT, 0}; !rest.empty() && ::poll(&entry, 1, 200) == 1;) {
      const auto piece = rest.substr(0, 4096);
      const auto sent = ::send(entry.fd, piece.data(), piece.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent > 0) rest.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  const auto beside = latency();
  const std::size_t after = server().resident();
  const std::size_t asked = kReaders * kAnswers * 2 * kText;
  std::cout << "resident " << before / kMega << " MB, beside " << kReaders << " readers of " << asked / kMega
            << " MB that do not read " << after / kMega << " MB; others waited " << usual.first
            << " and at most " << usual.second << " ms before, " << beside.first << " and at most "
            << beside.second << " ms beside them\n";
  EXPECT_LT(after, before + kGrowth);

  // Who does read, slowly, gets everything in one piece.
  auto slow = connect();
  slow->set_receive_buffer(4096);
  std::size_t size = 0;
  for (int i = 0; i < 60; ++i) slow->write(large_);
  for (int i = 0; i < 60; ++i) {
    const Reply reply = slow->read_reply();
    EXPECT_EQ(reply.status, 200);
    size = size ? size : reply.body.size();
    EXPECT_EQ(reply.body.size(), size);
    EXPECT_THAT(reply.body, HasSubstr(std::string(kText, 'x')));
  }
  for (auto& reader : readers) reader->reset();
  EXPECT_TRUE(eventually([&] { return server().client().get("//healthz").status == 200; }));
}

// RFC 9110, 15.5.9: the head has ten seconds, however it drips.
TEST_F(Pace, SlowSendersAreCut) {
  struct Sender {
    const char* name;
    std::string begin;
    std::string drip;
    std::unique_ptr<Connection> connection = {};
    bool done = false;
  };
  Sender senders[] = {{"the request line", "GET /", "a"},
                      {"the fields", "GET / HTTP/1.1\r\nHost: localhost\r\nA: ", "b"},
                      {"behind another request", probe() + "GET / HTTP/1.1\r\nA: ", "c"},
                      {"nothing more", "GET / HTTP/1.1\r\n", ""}};
  for (auto& sender : senders) {
    sender.connection = connect();
    sender.connection->write(sender.begin);
  }
  EXPECT_EQ(senders[2].connection->read_reply().status, 204);
  const auto begin = Clock::now();
  for (std::size_t left = std::size(senders); left > 0 && Clock::now() - begin < kPatience;) {
    for (auto& sender : senders) {
      if (sender.done) continue;
      pollfd entry{sender.connection->native(), POLLIN, 0};
      if (::poll(&entry, 1, 50) == 0) {
        sender.connection->write(sender.drip);
        continue;
      }
      const Reply reply = sender.connection->read_reply();
      EXPECT_EQ(reply.status, 408) << sender.name;
      EXPECT_EQ(reply.problem(), "request-timeout") << sender.name;
      EXPECT_EQ(sender.connection->read_to_end(), "") << sender.name;
      EXPECT_GT(Clock::now() - begin, milliseconds(8'000)) << sender.name;
      sender.done = true;
      --left;
    }
  }
  for (const auto& sender : senders) EXPECT_TRUE(sender.done) << sender.name;
}

TEST_F(Pace, NothingOfItWasAnErrorOfTheServer) {
  EXPECT_THAT(server().log(), Not(HasSubstr("level=error")));
}

}  // namespace
}  // namespace stoa::harness
