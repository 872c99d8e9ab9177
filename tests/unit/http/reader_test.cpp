#include "http/reader.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace stoa::core::http {

namespace {

constexpr std::uint64_t kBodyLimit = 64;

// What reading a stream came to.
struct Outcome {
  int refusal = 0;
  std::vector<std::string> requests;  // "METHOD target minor [body]"
  std::size_t left = 0;               // bytes nobody consumed
  bool operator==(const Outcome&) const = default;
};

void PrintTo(const Outcome& outcome, std::ostream* out) {
  *out << "refusal " << outcome.refusal << ", left " << outcome.left;
  for (const auto& request : outcome.requests) *out << ", " << request;
}

std::string describe(const RequestHead& head, const std::string& body) {
  return std::string(to_string(head.method)) + " " + std::string(head.target) + " " +
         std::to_string(head.minor_version) + (body.empty() ? "" : " " + body);
}

// Reads as a connection does, the stream coming in the given pieces.
class Stream {
 public:
  void feed(std::string_view bytes) {
    input_.append(bytes);
    while (outcome_.refusal == 0 && !input_.empty()) {
      // A copy of its own, so that the sanitizer sees any look past the end.
      const std::string exact(input_);
      const auto progress = in_body_ ? reader_.read_body(exact, body_) : reader_.read_head(exact, head_);
      input_.erase(0, progress.consumed);
      outcome_.refusal = progress.refusal;
      if (progress.complete) complete();
      if (progress.consumed == 0) break;
    }
  }
  Outcome outcome() const {
    auto outcome = outcome_;
    outcome.left = outcome.refusal == 0 ? input_.size() : 0;
    return outcome;
  }
  const RequestHead& head() const { return head_; }

 private:
  void complete() {
    if (!in_body_ && reader_.has_body()) {
      reader_.begin_body(kBodyLimit);
      in_body_ = true;
      return;
    }
    in_body_ = false;
    outcome_.requests.push_back(describe(head_, body_));
    body_.clear();
  }

  Reader reader_{{}};
  RequestHead head_;
  std::string input_, body_;
  bool in_body_ = false;
  Outcome outcome_;
};

Outcome read_whole(std::string_view bytes) {
  Stream stream;
  stream.feed(bytes);
  return stream.outcome();
}

// In two pieces for every split, and byte by byte: the outcome must be that of the whole.
void expect_same_for_every_split(const std::string& bytes) {
  const auto whole = read_whole(bytes);
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    Stream stream;
    stream.feed(std::string_view(bytes).substr(0, split));
    stream.feed(std::string_view(bytes).substr(split));
    ASSERT_EQ(stream.outcome(), whole) << "split at " << split << " of " << bytes;
  }
  Stream drip;
  for (const char byte : bytes) drip.feed({&byte, 1});
  ASSERT_EQ(drip.outcome(), whole) << bytes;
}

int refusal_of(const std::string& bytes) {
  expect_same_for_every_split(bytes);
  return read_whole(bytes).refusal;
}

const std::string kHost = "Host: example.org\r\n";

std::string get(const std::string& fields) {
  return "GET / HTTP/1.1\r\n" + fields + "\r\n";
}
std::string post(const std::string& fields, const std::string& body) {
  return "POST /p HTTP/1.1\r\n" + kHost + fields + "\r\n" + body;
}

}  // namespace

TEST(Reader, TakesARequestApart) {
  Stream stream;
  stream.feed("PATCH /a/b%20c?x=1&y=/? HTTP/1.1\r\nHost: h:8080\r\nX-Empty:\r\nx-Spaced: \t a b \t\r\n\r\n");
  const auto& head = stream.head();
  EXPECT_EQ(head.method, Method::patch);
  EXPECT_EQ(head.target, "/a/b%20c?x=1&y=/?");
  EXPECT_EQ(head.path, "/a/b%20c");
  EXPECT_EQ(head.query, "x=1&y=/?");
  EXPECT_EQ(head.minor_version, 1);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.websocket);
  EXPECT_FALSE(head.content_length);
  ASSERT_EQ(head.fields.size(), 3u);
  EXPECT_EQ(head.field("host"), "h:8080");
  EXPECT_EQ(head.field("X-EMPTY"), "");
  EXPECT_EQ(head.field("X-Spaced"), "a b");
  EXPECT_EQ(head.field("absent"), "");
  EXPECT_TRUE(head.block.ends_with("\r\n\r\n"));
}

TEST(Reader, KnowsItsMethods) {
  for (const std::string method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    const auto outcome = read_whole(method + " / HTTP/1.1\r\n" + kHost + "\r\n");
    EXPECT_EQ(outcome.refusal, 0) << method;
    EXPECT_EQ(outcome.requests, std::vector<std::string>{method + " / 1"});
  }
  for (const std::string method : {"TRACE", "CONNECT", "BREW", "get", "PROPFIND"})
    EXPECT_EQ(refusal_of(method + " / HTTP/1.1\r\n" + kHost + "\r\n"), 501) << method;
}

TEST(Reader, IsTheSameForEverySplit) {
  expect_same_for_every_split(get(kHost) + post("Content-Length: 5\r\n", "hello") + get(kHost));
  expect_same_for_every_split(post("Transfer-Encoding: chunked\r\n",
                                   "5\r\nhello\r\nA;x=\"y\"\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n") +
                              get(kHost));
  expect_same_for_every_split(post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n") + get(kHost));
  expect_same_for_every_split("\r\n" + get(kHost));
}

TEST(Reader, JoinsChunksAndDropsTrailers) {
  const auto outcome = read_whole(post("Transfer-Encoding: Chunked\r\n",
                                       "5\r\nhello\r\n1; a=b\r\n!\r\n0\r\nX-Late: 1\r\nHost: other\r\n\r\n") +
                                  get(kHost));
  EXPECT_EQ(outcome, (Outcome{.refusal = 0, .requests = {"POST /p 1 hello!", "GET / 1"}, .left = 0}));
}

TEST(Reader, LeavesWhatComesAfterwards) {
  EXPECT_EQ(read_whole(get(kHost) + "GET /half"),
            (Outcome{.refusal = 0, .requests = {"GET / 1"}, .left = 9}));
}

TEST(Reader, RefusesAmbiguousLengths) {
  for (const std::string fields : {
           "Content-Length: 5\r\nContent-Length: 5\r\n",
           "Content-Length: 5\r\nContent-Length: 6\r\n",
           "Content-Length: 5, 5\r\n",
           "Content-Length: 5abc\r\n",
           "Content-Length: +5\r\n",
           "Content-Length: -5\r\n",
           "Content-Length: 0x5\r\n",
           "Content-Length: 5 5\r\n",
           "Content-Length:\r\n",
           "Content-Length: ,5\r\n",
           "Content-Length: 99999999999999999999999\r\n",
           "Content-Length: 18446744073709551616\r\n",
           "Content-Length : 5\r\n",
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
           "Transfer-Encoding: chunked, chunked\r\n",
           "Transfer-Encoding: gzip, chunked\r\n",
           "Transfer-Encoding: chunked, identity\r\n",
           "Transfer-Encoding: xchunked\r\n",
           "Transfer-Encoding: identity\r\n",
           "Transfer-Encoding: \"chunked\"\r\n",
           "Transfer-Encoding:\r\n",
           "Transfer-Encoding: chunked;q=1\r\n",
           "Transfer-Encoding: \x0b"
           "chunked\r\n",
           "Transfer-Encoding\r\n: chunked\r\n",
           "Transfer-Encoding : chunked\r\n",
       })
    EXPECT_EQ(refusal_of(post(fields, "")), 400) << fields;
  EXPECT_EQ(refusal_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Reader, RefusesBadChunks) {
  for (const std::string body : {
           "0x5\r\nhello\r\n0\r\n\r\n",
           "+5\r\nhello\r\n0\r\n\r\n",
           "5 \r\nhello\r\n0\r\n\r\n",
           " 5\r\nhello\r\n0\r\n\r\n",
           "g\r\nhello\r\n0\r\n\r\n",
           "5\nhello\r\n0\r\n\r\n",
           "5\r\nhelloX\r\n0\r\n\r\n",
           "5\r\nhello0\r\n\r\n",
           "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
           "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n",
           "20;a=\"open\r\n01234567890123456789012345678901\r\n0\r\n\r\n",
           "0;a=\"open\r\n\r\n",
           "0\r\nContent-Length: 5\r\n\r\n",
           "0\r\nno colon\r\n\r\n",
       })
    EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", body)), 400) << body;
}

TEST(Reader, BoundsChunkedBodies) {
  const std::string exact =
      "20\r\n" + std::string(32, 'a') + "\r\n20\r\n" + std::string(32, 'b') + "\r\n0\r\n\r\n";
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", exact)), 0);
  const std::string over =
      "20\r\n" + std::string(32, 'a') + "\r\n21\r\n" + std::string(33, 'b') + "\r\n0\r\n\r\n";
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", over)), 413);
  EXPECT_EQ(refusal_of(post("Transfer-Encoding: chunked\r\n", "FFFFFFFFFFFFFFFF\r\n")), 413);
  const std::string extension = "1;" + std::string(20'000, 'x');
  EXPECT_EQ(read_whole(post("Transfer-Encoding: chunked\r\n", extension)).refusal, 400);
  // In one piece too.
  for (const std::string& chunks : {"0\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n",
                                    "1;" + std::string(17'000, 'x') + "\r\na\r\n0\r\n\r\n"})
    EXPECT_EQ(read_whole(post("Transfer-Encoding: chunked\r\n", chunks)).refusal, 400);
}

TEST(Reader, WantsExactlyOneHost) {
  EXPECT_EQ(refusal_of(get("")), 400);
  EXPECT_EQ(refusal_of(get("Host: a\r\nHost: a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host:\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host: a b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host: a, b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host: a/b\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host: user@a\r\n")), 400);
  EXPECT_EQ(refusal_of(get("Host: [::1]:80\r\n")), 0);
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\n\r\n"), 0);
  EXPECT_EQ(refusal_of("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"), 400);
}

TEST(Reader, RefusesMalformedLines) {
  for (const std::string& bytes : {
           get(kHost + "X: a\r\n b\r\n"),
           get(kHost + "X: a\r\n\tb\r\n"),
           get(kHost + "X:\r\n b\r\n"),
           get(kHost + "X: a\r\n \r\n"),
           get(" X: a\r\n" + kHost),
           get(kHost + "no colon\r\n"),
           get(kHost + ": nameless\r\n"),
           get(kHost + "X : a\r\n"),
           get(kHost + "X@: a\r\n"),
           get(kHost + "X: a\nY: b\r\n"),
           get(kHost + "X: a\rY: b\r\n"),
           get(kHost + std::string("X: a\0b\r\n", 8)),
           get(kHost + "X: a\x01\r\n"),
           get(kHost + "X: a\x7f\r\n"),
           get(kHost + "Connection: a b\r\n"),
           "GET  / HTTP/1.1\r\n" + kHost + "\r\n",
           "GET /  HTTP/1.1\r\n" + kHost + "\r\n",
           "GET /a b HTTP/1.1\r\n" + kHost + "\r\n",
           "GET\t/ HTTP/1.1\r\n" + kHost + "\r\n",
           " GET / HTTP/1.1\r\n" + kHost + "\r\n",
           "GET / HTTP/1.1 \r\n" + kHost + "\r\n",
           "GET / HTTP/1.1\n" + kHost + "\r\n",
           "GET / HTTP/1.1\r" + kHost + "\r\n",
           std::string("GET / H\r\n\r\n"),
           std::string("GET /\r\n\r\n"),
           std::string("GET\r\n\r\n"),
           "GET / http/1.1\r\n" + kHost + "\r\n",
           "GET / HTTP/1.1x\r\n" + kHost + "\r\n",
           "GET / HTTP/11\r\n" + kHost + "\r\n",
           "GET / HTTP/1.10\r\n" + kHost + "\r\n",
           "G\xc3\xa9T / HTTP/1.1\r\n" + kHost + "\r\n",
           "\r\n\r\n" + get(kHost),
           std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
       })
    EXPECT_EQ(refusal_of(bytes), 400) << bytes;
}

TEST(Reader, TellsVersions) {
  EXPECT_EQ(refusal_of("GET / HTTP/2.0\r\n" + kHost + "\r\n"), 505);
  EXPECT_EQ(refusal_of("GET / HTTP/0.9\r\n" + kHost + "\r\n"), 505);
  EXPECT_EQ(refusal_of("GET / HTTP/1.2\r\n" + kHost + "\r\n"), 505);
  EXPECT_EQ(refusal_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

TEST(Reader, RefusesOtherFormsOfTarget) {
  for (const std::string target : {"*", "example.org:443", "a", "?q", "/a#b", "*/", "ftp://example.org/",
                                   "http:/example.org/", "http://", "http:///", "http://example.org?q"})
    EXPECT_EQ(refusal_of("GET " + target + " HTTP/1.1\r\n" + kHost + "\r\n"), 400) << target;
  EXPECT_EQ(refusal_of("GET // HTTP/1.1\r\n" + kHost + "\r\n"), 0);
}

// RFC 9112, 3.2.2 and 3.2.4.
TEST(Reader, TakesTheAbsoluteFormOfItsOwnHost) {
  const auto target_of = [](const std::string& line, const std::string& host) {
    const std::string bytes = line + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    expect_same_for_every_split(bytes);
    Stream stream;
    stream.feed(bytes);
    if (stream.outcome().refusal != 0) return std::to_string(stream.outcome().refusal);
    return std::string(stream.head().path) + " " + std::string(stream.head().query);
  };
  EXPECT_EQ(target_of("GET http://a.org/b?c=/", "a.org"), "/b c=/");
  EXPECT_EQ(target_of("GET HTTPS://A.org:443/", "a.ORG:443"), "/ ");
  EXPECT_EQ(target_of("GET http://a.org", "a.org"), "/ ");
  EXPECT_EQ(target_of("GET http://[::1]:80/x", "[::1]:80"), "/x ");
  EXPECT_EQ(target_of("GET http://b.org/", "a.org"), "400");
  EXPECT_EQ(target_of("GET http://a.org:80/", "a.org"), "400");
  EXPECT_EQ(target_of("GET http://user@a.org/", "a.org"), "400");
  EXPECT_EQ(target_of("OPTIONS *", "a.org"), "* ");
}

TEST(RequestHead, JoinsTheLinesOfAList) {
  Stream stream;
  stream.feed(get(kHost + "A: 1, 2\r\nB:\r\na: 3\r\nb: x\r\nA:\r\nA: 4\r\n"));
  std::string joined;
  EXPECT_EQ(stream.head().list("A", joined), "1, 2, 3, 4");
  EXPECT_EQ(stream.head().list("B", joined), "x");
  EXPECT_EQ(stream.head().list("C", joined), "");
  EXPECT_EQ(stream.head().list("a", joined), "1, 2, 3, 4");
  EXPECT_EQ(stream.head().field("A"), "1, 2");
  EXPECT_EQ(stream.head().field("B"), "x") << "an empty line hides nothing";
}

TEST(Reader, BoundsTargetAndHead) {
  const auto with_target = [](std::size_t size) {
    return read_whole("GET /" + std::string(size - 1, 'a') + " HTTP/1.1\r\n" + kHost + "\r\n").refusal;
  };
  EXPECT_EQ(with_target(8 * 1024), 0);
  EXPECT_EQ(with_target(8 * 1024 + 1), 414);
  EXPECT_EQ(with_target(14'600), 414);
  EXPECT_EQ(with_target(40'000), 414);
  EXPECT_EQ(read_whole("GET /" + std::string(9'000, '/')).refusal, 414) << "before the line ends";

  const auto with_head = [](std::size_t size) {
    const auto rest = get(kHost + "X: \r\n").size();
    return read_whole(get(kHost + "X: " + std::string(size - rest, 'a') + "\r\n")).refusal;
  };
  EXPECT_EQ(with_head(16 * 1024), 0);
  EXPECT_EQ(with_head(16 * 1024 + 1), 431);
  EXPECT_EQ(with_head(60'000), 431);
  EXPECT_EQ(read_whole("GET / HTTP/1.1\r\nX: " + std::string(17'000, 'a')).refusal, 431)
      << "before the head ends";
}

TEST(Reader, RefusesEarly) {
  EXPECT_EQ(read_whole("BREW / HTTP/1.1\r\nHost").refusal, 501);
  EXPECT_EQ(read_whole("GET / HTTP/3.0\r\n").refusal, 505);
  EXPECT_EQ(read_whole("GET ftp://a/ HTTP/1.1\r\nA: b\r\n").refusal, 400);
}

TEST(Reader, FollowsConnection) {
  const auto keep_alive = [](const std::string& bytes) {
    Stream stream;
    stream.feed(bytes);
    EXPECT_EQ(stream.outcome().refusal, 0) << bytes;
    return stream.head().keep_alive;
  };
  EXPECT_TRUE(keep_alive(get(kHost)));
  EXPECT_FALSE(keep_alive(get(kHost + "Connection: close\r\n")));
  EXPECT_FALSE(keep_alive(get(kHost + "Connection: x, CLOSE\r\n")));
  EXPECT_FALSE(keep_alive(get(kHost + "Connection: keep-alive\r\nConnection: close\r\n")));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(keep_alive("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
  EXPECT_FALSE(keep_alive("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"));
}

TEST(Reader, RecognisesWebSockets) {
  const auto websocket = [](const std::string& bytes) {
    Stream stream;
    stream.feed(bytes);
    return stream.head().websocket;
  };
  EXPECT_TRUE(websocket(get(kHost + "Connection: keep-alive, Upgrade\r\nUpgrade: WebSocket\r\n")));
  EXPECT_FALSE(websocket(get(kHost + "Upgrade: websocket\r\n")));
  EXPECT_FALSE(websocket(get(kHost + "Connection: upgrade\r\nUpgrade: h2c\r\n")));
  EXPECT_FALSE(websocket("GET / HTTP/1.0\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"));
  EXPECT_FALSE(websocket(post("Connection: upgrade\r\nUpgrade: websocket\r\n", "")));
  EXPECT_FALSE(websocket(get(kHost + "Content-Length: 1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n")));
}

TEST(Reader, FollowsExpect) {
  const auto expects = [](const std::string& bytes) {
    Reader reader{{}};
    RequestHead head;
    EXPECT_TRUE(reader.read_head(bytes, head).complete) << bytes;
    return reader.expects_continue();
  };
  EXPECT_TRUE(expects(post("Content-Length: 5\r\nExpect: 100-Continue\r\n", "")));
  EXPECT_FALSE(expects(post("Content-Length: 5\r\n", "")));
  EXPECT_FALSE(expects(get(kHost + "Expect: 100-continue\r\n")));
  EXPECT_FALSE(expects("POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(refusal_of(post("Expect: more\r\n", "")), 417);
}

}  // namespace stoa::core::http
