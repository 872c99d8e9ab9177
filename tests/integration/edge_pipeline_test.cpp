// Requests sent without waiting, invitations for a body, clients that leave: every answer goes where it
// belongs, in order.
#include <gmock/gmock.h>
#include <poll.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <thread>

#include "edge_fixture.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class Pipeline : public EdgeServer {
 protected:
  // Answered late: the password is hashed on a queue of its own.
  static std::string login() {
    const std::string body = R"({"login":"ann","password":"wrong"})";
    return head_of("POST /api/v1/auth/login", "Content-Type: application/json\r\nContent-Length: " +
                                                  std::to_string(body.size()) + "\r\n") +
           body;
  }
  static std::ptrdiff_t open_descriptors() {
    return std::distance(fs::directory_iterator("/proc/" + std::to_string(server_->pid()) + "/fd"),
                         fs::directory_iterator());
  }
  static bool is_readable_within(const Connection& connection, std::chrono::milliseconds limit) {
    pollfd entry{connection.native(), POLLIN, 0};
    return ::poll(&entry, 1, static_cast<int>(limit.count())) == 1;
  }
};

// RFC 9112, 9.3.2.
TEST_F(Pipeline, AnswersComeInOrder) {
  constexpr int kRequests = 120;
  std::string requests;
  for (int i = 0; i < kRequests; ++i) {
    switch (i % 4) {
      case 0: requests += byte_at(i); break;
      case 1: requests += preview("t" + std::to_string(i) + "t"); break;
      case 2: requests += i % 40 == 2 ? login() : probe(); break;
      default: requests += head_of("HEAD " + file_, "Range: bytes=0-0\r\n"); break;
    }
  }
  for (const std::size_t piece : {requests.size(), std::size_t{1'000}, std::size_t{7}}) {
    auto connection = connect();
    std::thread sender([&] {
      for (std::size_t at = 0; at < requests.size(); at += piece)
        connection.write(std::string_view(requests).substr(at, piece));
    });
    for (int i = 0; i < kRequests; ++i) {
      const Reply reply = connection.read_reply(i % 4 == 3);
      switch (i % 4) {
        case 0: EXPECT_EQ(place_of(reply), "bytes " + std::to_string(i) + "-" + std::to_string(i)); break;
        case 1: EXPECT_THAT(reply.body, HasSubstr("t" + std::to_string(i) + "t")); break;
        case 2: EXPECT_EQ(reply.status, i % 40 == 2 ? 401 : 204) << i; break;
        default: EXPECT_EQ(reply.status, 200); break;
      }
    }
    sender.join();
  }
}

// RFC 9112, 9.6.
TEST_F(Pipeline, NothingIsAnsweredBehindAClose) {
  for (const std::string& last :
       {head_of("GET /healthz", "Connection: close\r\n"), preview("x", "Connection: close\r\n"),
        std::string("GET /healthz HTTP/1.0\r\n\r\n")}) {
    auto connection = connect();
    connection.write(probe() + last + preview("smuggled") + probe());
    EXPECT_EQ(connection.read_reply().status, 204);
    const Reply reply = connection.read_reply();
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.header("Connection"), "close");
    EXPECT_EQ(connection.read_to_end(), "") << last;
  }
}

// RFC 9112, 9.6: a client may close its side and still read.
TEST_F(Pipeline, HalfClosedConnectionsAreAnswered) {
  auto connection = connect();
  connection.write(login() + preview("late") + byte_at(7));
  connection.finish_writing();
  EXPECT_EQ(connection.read_reply().status, 401);
  EXPECT_THAT(connection.read_reply().body, HasSubstr("late"));
  EXPECT_EQ(place_of(connection.read_reply()), "bytes 7-7");
  EXPECT_EQ(connection.read_to_end(), "");
  for (const std::string& part :
       {std::string(), std::string("GET / HT"), std::string("\r\n"),
        preview("x").substr(0, preview("x").size() - 1),
        head_of("POST /api/v1/posts/preview", "Transfer-Encoding: chunked\r\n") + "5\r\nhel"}) {
    auto incomplete = connect();
    incomplete.write(part);
    incomplete.finish_writing();
    EXPECT_EQ(incomplete.read_to_end(), "") << "9112 8: not a request, " << part;
  }
}

// RFC 9110, 10.1.1.
TEST_F(Pipeline, ABodyIsInvitedWhenItIsWaitedFor) {
  const std::string invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string whole = preview("hello", "Expect: 100-Continue\r\n");
  const auto body = whole.find("\r\n\r\n") + 4;
  {
    auto connection = connect();
    connection.write(whole.substr(0, body));
    EXPECT_EQ(connection.read(invitation.size()), invitation);
    connection.write(whole.substr(body) + probe());
    EXPECT_THAT(connection.read_reply().body, HasSubstr("hello"));
    EXPECT_EQ(connection.read_reply().status, 204);
  }
  {
    auto connection = connect();
    connection.write(head_of("POST /api/v1/posts/preview", bearer() + "Content-Type: application/json\r\n"
                                                                      "Transfer-Encoding: chunked\r\n"
                                                                      "Expect: 100-continue\r\n"));
    EXPECT_EQ(connection.read(invitation.size()), invitation);
    connection.write("10\r\n{\"body\":\"hello\"}\r\n0\r\n\r\n");
    EXPECT_THAT(connection.read_reply().body, HasSubstr("hello"));
  }
  struct Row {
    const char* name;
    std::string bytes;
    int status;
  };
  const std::string expect = "Expect: 100-continue\r\n";
  const std::string old =
      "POST /nowhere HTTP/1.0\r\n" + expect + "Connection: keep-alive\r\nContent-Length: 2\r\n\r\n{}";
  for (const auto& [name, bytes, status] :
       {Row{"there is none", head_of("GET /healthz", expect), 200},
        Row{"an empty one", head_of("POST /api/v1/nowhere", expect + "Content-Length: 0\r\n"), 404},
        Row{"it has come already", whole, 200}, Row{"HTTP/1.0 knows no 1xx", old, 404},
        Row{"it is too large",
            head_of("POST /api/v1/posts/preview", bearer() + expect + "Content-Length: 99999999\r\n"),
            413}}) {
    auto connection = connect();
    connection.write(bytes);
    EXPECT_THAT(connection.read(12), "HTTP/1.1 " + std::to_string(status)) << name;
  }
}

TEST_F(Pipeline, ResetConnectionsLeaveNothingBehind) {
  { connect().write(probe()); }
  const auto before = open_descriptors();
  for (int i = 0; i < 300; ++i) {
    auto connection = connect();
    switch (i % 5) {
      case 0: connection.write(i < 25 ? login() : byte_at(i)); break;
      case 1: connection.write(preview("gone")); break;
      case 2: connection.write(preview("half").substr(0, 300)); break;
      case 3: connection.write("GET / HT"); break;
      default: break;
    }
    connection.reset();
  }
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before + 2; }))
      << open_descriptors() << ' ' << before;
}

// Connect, send, perhaps read, close, as fast as it goes: descriptors are used again at once, and an answer
// that is still on its way must not reach who has the number now. STOA_CHURN=<connections> makes it long.
TEST_F(Pipeline, NobodyReadsTheAnswerOfAnother) {
  const char* wanted = std::getenv("STOA_CHURN");
  const long connections = wanted ? std::atol(wanted) : 4'000;
  constexpr int kThreads = 4;
  std::atomic<long> answered{0}, foreign{0}, failed{0};
  std::vector<std::thread> clients;
  for (int c = 0; c < kThreads; ++c) {
    clients.emplace_back([&, c] {
      for (long i = c; i < connections; i += kThreads) {
        try {
          auto connection = connect();
          const bool by_worker = i / kThreads % 3 == 0;
          const int place = static_cast<int>(i % 5'000);
          const std::string token = "t" + std::to_string(i) + "t";
          connection.write(by_worker ? preview(token) : byte_at(place));
          if (i % 7 == 1) continue;  // gone before its answer
          if (i % 7 != 2) {
            const Reply reply = connection.read_reply();
            const bool own =
                by_worker ? reply.body.find(token) != std::string::npos
                          : place_of(reply) == "bytes " + std::to_string(place) + "-" + std::to_string(place);
            ++answered;
            foreign += !own;
          }
          connection.reset();  // leaves no port in TIME_WAIT
        } catch (const std::exception&) {
          ++failed;
        }
      }
    });
  }
  for (auto& client : clients) client.join();
  EXPECT_EQ(foreign, 0);
  EXPECT_EQ(failed, 0);
  EXPECT_GT(answered, connections / 2);
}

TEST_F(Pipeline, NothingOfItWasAnErrorOfTheServer) {
  EXPECT_THAT(server_->log(), Not(HasSubstr("level=error")));
}

}  // namespace
}  // namespace stoa::harness
