#include "http/writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>

#include "http/date.hpp"
#include "http/deadlines.hpp"
#include "http/request_id.hpp"

namespace stoa::core::http {

namespace {

SharedBytes bytes(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Both ends of a stream, the sending one non-blocking.
class Pair {
 public:
  Pair() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_), 0);
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~Pair() {
    ::close(ends_[0]);
    close_reader();
  }
  void close_reader() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  int sender() const { return ends_[0]; }
  std::string read_some() {
    std::string text(1 << 16, '\0');
    const auto count = ::recv(ends_[1], text.data(), text.size(), MSG_DONTWAIT);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return text;
  }

 private:
  int ends_[2];
};

std::string written(const Response& response, const Frame& frame) {
  Output output;
  write(output, response, frame);
  Pair pair;
  EXPECT_EQ(output.send(pair.sender()), Output::Sent::all);
  return pair.read_some();
}

const Frame kFrame{.date = "Sun, 06 Nov 1994 08:49:37 GMT",
                   .request_id = "0123456789abcdef",
                   .elapsed = std::chrono::microseconds(12'034)};

}  // namespace

TEST(Writer, WritesHeadAndBody) {
  const Response response{.status = 201, .fields = {{"Content-Type", "text/plain"}}, .body = bytes("hello")};
  EXPECT_EQ(written(response, kFrame),
            "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\n"
            "Content-Length: 5\r\nX-Request-Id: 0123456789abcdef\r\nServer-Timing: total;dur=12.034\r\n"
            "Content-Type: text/plain\r\n\r\nhello");
}

TEST(Writer, LeavesOutBodies) {
  const Response response{.fields = {}, .body = bytes("hello")};
  auto frame = kFrame;
  frame.to_head = true;
  const auto head = written(response, frame);
  EXPECT_NE(head.find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
  for (const int status : {204, 304}) {
    const auto empty = written({.status = status, .fields = {}, .body = bytes("hello")}, kFrame);
    EXPECT_EQ(empty.find("Content-Length"), std::string::npos);
    EXPECT_TRUE(empty.ends_with("\r\n\r\n"));
  }
}

TEST(Writer, KeepsItsOwnFields) {
  const Response response{.fields = {{"content-length", "9"},
                                     {"CONNECTION", "x"},
                                     {"Transfer-Encoding", "chunked"},
                                     {"Date", "never"},
                                     {"keep-alive", "1"},
                                     {"x-request-id", "mine"},
                                     {"Server-Timing", "db"}}};
  auto frame = kFrame;
  frame.keep_alive = false;
  EXPECT_EQ(
      written(response, frame),
      "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: close\r\nContent-Length: 0\r\n"
      "X-Request-Id: 0123456789abcdef\r\nServer-Timing: total;dur=12.034\r\nServer-Timing: db\r\n\r\n");
}

TEST(Writer, KnowsWhatCannotBeSent) {
  EXPECT_TRUE(is_sendable({.fields = {{"X", "a\tb \xc3\xa9"}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"X", "a\r\nSet-Cookie: b"}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"X", "a\n"}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"X", std::string("a\0", 2)}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"", "a"}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"X Y", "a"}}}));
  EXPECT_FALSE(is_sendable({.fields = {{"X:", "a"}}}));
  EXPECT_FALSE(is_sendable({.status = 101, .fields = {}}));
  EXPECT_FALSE(is_sendable({.status = 0, .fields = {}}));
}

TEST(Output, KeepsOrderThroughABlockedSocket) {
  Pair pair;
  Output output;
  std::string expected;
  for (int i = 0; i < 400; ++i) {
    const std::string text = "text " + std::to_string(i) + ";";
    const std::string body(static_cast<std::size_t>(i * 37), static_cast<char>('a' + i % 26));
    output.append(text);
    output.append(bytes(body));
    expected += text + body;
  }
  EXPECT_EQ(output.size(), expected.size());
  std::string received;
  auto sent = output.send(pair.sender());
  EXPECT_EQ(sent, Output::Sent::blocked);
  while (sent == Output::Sent::blocked) {
    received += pair.read_some();
    sent = output.send(pair.sender());
  }
  EXPECT_EQ(sent, Output::Sent::all);
  EXPECT_TRUE(output.empty());
  for (auto more = pair.read_some(); !more.empty(); more = pair.read_some()) received += more;
  EXPECT_EQ(received, expected);
}

TEST(Output, SurvivesAClosedPeer) {
  Pair pair;
  pair.close_reader();
  Output output;
  output.append("hello");
  EXPECT_EQ(output.send(pair.sender()), Output::Sent::failed);
}

TEST(Date, IsAnImfFixdate) {
  Date date;
  EXPECT_EQ(date.at(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(date.at(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(date.at(4102444799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(Deadlines, ComeDueOnce) {
  using std::chrono::seconds;
  const Deadlines::Time start{};
  Deadlines deadlines;
  deadlines.set(7, start + seconds(1));
  deadlines.set(3, start + seconds(2));
  deadlines.set(5, start + seconds(1));
  deadlines.clear(5);
  deadlines.clear(1000);
  EXPECT_TRUE(deadlines.due(start).empty());
  EXPECT_EQ(deadlines.due(start + seconds(1)), std::vector<int>{7});
  deadlines.set(3, start + seconds(9));
  EXPECT_TRUE(deadlines.due(start + seconds(8)).empty());
  EXPECT_EQ(deadlines.due(start + seconds(10)), std::vector<int>{3});
  EXPECT_TRUE(deadlines.due(start + seconds(99)).empty());
}

TEST(RequestIds, AreUniqueAcrossGenerators) {
  std::set<std::string> seen;
  RequestIds one, two;
  std::string id;
  for (int i = 0; i < 10'000; ++i) {
    (i % 2 ? one : two).next(id);
    EXPECT_EQ(id.size(), 16u);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
    seen.insert(id);
  }
  EXPECT_EQ(seen.size(), 10'000u);
}

}  // namespace stoa::core::http
