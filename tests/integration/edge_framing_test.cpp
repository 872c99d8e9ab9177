// Where one request ends and the next begins: what RFC 9112 and RFC 9110 (sections in the names) leave no
// doubt about is served, everything else is refused and the connection ends, so that nothing is smuggled.
#include <gmock/gmock.h>

#include <cstring>

#include "edge_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Framing : public EdgeServer {
 protected:
  // A POST whose fields tell its length, and what follows them.
  static std::string post(std::string_view fields, std::string_view rest) {
    return head_of("POST /api/v1/posts/preview",
                   bearer() + "Content-Type: application/json\r\n" + std::string(fields)) +
           std::string(rest);
  }
  static std::string chunked(std::string_view chunks) {
    return post("Transfer-Encoding: chunked\r\n", chunks);
  }
  static std::string get(std::string_view fields) { return head_of("GET /healthz", fields); }
  // With these fields only.
  static std::string bare(const std::string& fields, const std::string& line = "GET /healthz HTTP/1.1") {
    return line + "\r\n" + fields + "\r\n";
  }

  static void send(Connection& connection, const std::string& bytes, bool byte_by_byte) {
    if (!byte_by_byte) return connection.write(bytes);
    for (const char& byte : bytes) connection.write({&byte, 1});
  }
};

const std::string kBody = R"({"body":"hello"})";  // 16 bytes
const std::string kChunk = "10\r\n" + kBody + "\r\n";

struct Refused {
  const char* name;
  std::string bytes;
  int status = 400;
};

TEST_F(Framing, DoubtsAreRefusedAndEndTheConnection) {
  const std::string zero = "0\r\n\r\n";
  const std::vector<Refused> rows = {
      // Two lengths.
      {"9112 6.3 (3) length and coding",
       post("Content-Length: 16\r\nTransfer-Encoding: chunked\r\n", kChunk + zero)},
      {"9112 6.3 (3) coding and length",
       post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", kChunk + zero)},
      {"9112 6.3 (3) coding and length 0",
       post("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", kChunk + zero)},
      {"9112 6.3 (5) two lengths", post("Content-Length: 16\r\nContent-Length: 5\r\n", kBody)},
      {"9112 6.3 (5) two lengths alike", post("Content-Length: 16\r\nContent-Length: 16\r\n", kBody)},
      {"9112 6.3 (5) a list of lengths", post("Content-Length: 16, 16\r\n", kBody)},
      // Lengths that are none.
      {"9110 8.6 negative", post("Content-Length: -1\r\n", kBody)},
      {"9110 8.6 plus", post("Content-Length: +16\r\n", kBody)},
      {"9110 8.6 hexadecimal", post("Content-Length: 0x10\r\n", kBody)},
      {"9110 8.6 with a tail", post("Content-Length: 16abc\r\n", kBody)},
      {"9110 8.6 inner space", post("Content-Length: 1 6\r\n", kBody)},
      {"9110 8.6 fraction", post("Content-Length: 16.0\r\n", kBody)},
      {"9110 8.6 empty", post("Content-Length:\r\n", kBody)},
      {"9110 8.6 2^64", post("Content-Length: 18446744073709551616\r\n", kBody)},
      {"9110 8.6 2^64 + 16", post("Content-Length: 18446744073709551632\r\n", kBody)},
      // Codings.
      {"9112 6.1 coding twice",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", kChunk + zero)},
      {"9112 6.1 chunked twice", post("Transfer-Encoding: chunked, chunked\r\n", kChunk + zero)},
      {"9112 6.1 unknown coding", post("Transfer-Encoding: xchunked\r\n", kChunk + zero)},
      {"9112 6.1 gzip below", post("Transfer-Encoding: gzip, chunked\r\n", kChunk + zero)},
      {"9112 6.1 chunked not last", post("Transfer-Encoding: chunked, identity\r\n", kChunk + zero)},
      {"9112 6.1 identity", post("Transfer-Encoding: identity\r\n", kBody)},
      {"9112 6.1 quoted", post("Transfer-Encoding: \"chunked\"\r\n", kChunk + zero)},
      {"9112 6.1 with a vertical tab", post("Transfer-Encoding: \vchunked\r\n", kChunk + zero)},
      {"9112 6.1 empty", post("Transfer-Encoding:\r\n", kChunk + zero)},
      {"9112 6.1 in HTTP/1.0",
       bare(std::string(kHost) + "Transfer-Encoding: chunked\r\n", "POST /healthz HTTP/1.0") + kChunk + zero},
      // Chunks.
      {"9112 7.1 prefix", chunked("0x10\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 plus", chunked("+10\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 negative", chunked("-10\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 space before", chunked(" 10\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 space behind", chunked("10 \r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 no digit", chunked("\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 other digit", chunked("1g\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 2^64 and more", chunked("10000000000000010\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 2^64 - 1", chunked("FFFFFFFFFFFFFFFF\r\n" + kBody), 413},
      {"9112 7.1 longer than said", chunked("F\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 shorter than said", chunked("11\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 bare LF behind the size", chunked("10\n" + kBody + "\r\n" + zero)},
      {"9112 7.1 bare LF behind the data", chunked("10\r\n" + kBody + "\n" + zero)},
      {"9112 7.1.1 LF in an extension", chunked("10;a=\"\n\"\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1.1 NUL in an extension",
       chunked("10;a=" + std::string(1, '\0') + "\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1.1 open quote", chunked("10;a=\"\r\n" + kBody + "\r\n" + zero)},
      {"9112 7.1.1 20 KB of extension", chunked("10;" + std::string(20'000, 'a'))},
      {"9112 7.1.2 trailer without colon", chunked(kChunk + "0\r\nnone\r\n\r\n")},
      {"9112 7.1.2 length in a trailer", chunked(kChunk + "0\r\nContent-Length: 5\r\n\r\n")},
      {"9112 7.1.2 coding in a trailer", chunked(kChunk + "0\r\nTransfer-Encoding: chunked\r\n\r\n")},
      {"9112 7.1.2 bare LF in a trailer", chunked(kChunk + "0\r\nA: b\nC: d\r\n\r\n")},
      {"9112 7.1.2 20 KB of trailers", chunked(kChunk + "0\r\nA: " + std::string(20'000, 'a'))},
      // Lines.
      {"9112 2.2 bare LF everywhere", "GET /healthz HTTP/1.1\nHost: localhost\n\n"},
      {"9112 2.2 bare LF behind a field", get("A: b\nC: d\r\n")},
      {"9112 2.2 bare CR in a field", get("A: b\rC: d\r\n")},
      {"9112 2.2 bare CR at the end", get("A: b\r\r\n")},
      {"9112 2.2 space before the first field", bare(" A: b\r\n" + std::string(kHost))},
      {"9112 2.2 two empty lines before", "\r\n\r\n" + get("")},
      {"9112 3 two spaces", bare(std::string(kHost), "GET  /healthz HTTP/1.1")},
      {"9112 3 tab", bare(std::string(kHost), "GET\t/healthz HTTP/1.1")},
      {"9112 3 space in the target", bare(std::string(kHost), "GET /health z HTTP/1.1")},
      {"9112 3 space at the end", bare(std::string(kHost), "GET /healthz HTTP/1.1 ")},
      {"9112 3 NUL in the target", bare(std::string(kHost), std::string("GET /health\0 HTTP/1.1", 21))},
      {"9112 3 control in the target", bare(std::string(kHost), "GET /health\x01 HTTP/1.1")},
      {"9112 2.3 no version", bare(std::string(kHost), "GET /healthz")},
      {"9112 2.3 short version", bare(std::string(kHost), "GET /healthz H")},
      {"9112 2.3 small letters", bare(std::string(kHost), "GET /healthz http/1.1")},
      {"9112 2.3 two digits", bare(std::string(kHost), "GET /healthz HTTP/1.10")},
      {"9112 2.3 HTTP/2.0", bare(std::string(kHost), "GET /healthz HTTP/2.0"), 505},
      {"9113 3.4 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"8446 TLS", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
      {"9112 3 unknown method", bare(std::string(kHost), "BREW /healthz HTTP/1.1"), 501},
      {"9110 9.1 methods have one case", bare(std::string(kHost), "get /healthz HTTP/1.1"), 501},
      {"9110 9.3.8 TRACE", bare(std::string(kHost), "TRACE /healthz HTTP/1.1"), 501},
      {"9110 9.3.6 CONNECT", bare(std::string(kHost), "CONNECT localhost:80 HTTP/1.1"), 501},
      // Fields.
      {"9112 5.1 space before the colon", get("A : b\r\n")},
      {"9112 5.1 space before the length's colon", post("Content-Length : 16\r\n", kBody)},
      {"9112 5.1 tab before the coding's colon", post("Transfer-Encoding\t: chunked\r\n", kChunk + zero)},
      {"9112 5.2 folded by a space", get("A: b\r\n c\r\n")},
      {"9112 5.2 folded by a tab", get("A: b\r\n\tc\r\n")},
      {"9112 5.2 folded coding", post("Transfer-Encoding:\r\n chunked\r\n", kChunk + zero)},
      {"9112 5 no colon", get("none\r\n")},
      {"9110 5.1 no name", get(": b\r\n")},
      {"9110 5.1 name is no token", get("A(b): c\r\n")},
      {"9110 5.1 name beyond ASCII", get("\xc3\xa9: c\r\n")},
      {"9110 5.5 NUL in a value", get("A: b" + std::string(1, '\0') + "c\r\n")},
      {"9110 5.5 control in a value", get("A: b\x01\r\n")},
      {"9110 5.5 DEL in a value", get("A: b\x7f\r\n")},
      {"9110 10.1.1 unknown expectation", get("Expect: more\r\n"), 417},
      // Too much.
      {"9112 3 target of 8 KB and 1",
       bare(std::string(kHost), "GET /" + std::string(8 * 1024, 'a') + " HTTP/1.1"), 414},
      {"9112 3 endless target", "GET /" + std::string(60'000, 'a'), 414},
      {"6585 5 one long field", get("A: " + std::string(20'000, 'a') + "\r\n"), 431},
      {"6585 5 endless field", "GET / HTTP/1.1\r\nA: " + std::string(60'000, 'a'), 431},
  };
  for (const auto& [name, bytes, status] : rows) {
    for (const bool byte_by_byte : {false, true}) {
      if (byte_by_byte && bytes.size() > 1'000) continue;
      SCOPED_TRACE(std::string(name) + (byte_by_byte ? ", byte by byte" : ""));
      try {
        auto connection = connect();
        send(connection, probe() + bytes + probe(), byte_by_byte);
        EXPECT_EQ(connection.read_reply().status, 204);
        const Reply reply = connection.read_reply();
        EXPECT_EQ(reply.status, status) << reply;
        EXPECT_EQ(reply.header("Connection"), "close");
        EXPECT_NE(reply.problem(), "");
        EXPECT_EQ(connection.read_to_end(), "") << "what came behind was taken for a request";
      } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
      }
    }
  }
}

TEST_F(Framing, WhatIsClearIsServed) {
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "A" + std::to_string(i) + ": b\r\n";
  struct Row {
    const char* name;
    std::string bytes;
  };
  const std::vector<Row> rows = {
      {"9112 2.2 an empty line before", "\r\n" + get("")},
      {"9112 5 no space behind the colon", get("A:b\r\n")},
      {"9112 5.1 space around the value", get("A: \t b c \t\r\n")},
      {"9110 5.5 empty value", get("A:\r\n")},
      {"9110 5.5 bytes beyond ASCII", get("A: \xc3\xa9\xff\r\n")},
      {"9110 5.3 a thousand fields", get(many)},
      {"9112 6.2 length", post("Content-Length: 16\r\n", kBody)},
      {"9112 6.2 length with zeros", post("Content-Length: 0000000000000000000016\r\n", kBody)},
      {"9112 6.2 length with space around", post("Content-Length: \t16 \r\n", kBody)},
      {"9112 7.1 chunks", chunked("1\r\n{\r\nF\r\n" + kBody.substr(1) + "\r\n0\r\n\r\n")},
      {"9112 7 small and large letters", post("transfer-encoding: CHUNKED\r\n", kChunk + "0\r\n\r\n")},
      {"9112 7.1 zeros before the size", chunked("0010\r\n" + kBody + "\r\n000\r\n\r\n")},
      {"9112 7.1.1 extensions", chunked("10;a;b=c;d=\"e\"\r\n" + kBody + "\r\n0;f=g\r\n\r\n")},
      {"9112 7.1.2 trailers", chunked(kChunk + "0\r\nA: b\r\nHost: elsewhere\r\n\r\n")},
      {"9110 9.3.1 GET with a body", get("Content-Length: 4\r\n") + "GET "},
      {"9110 9.3.1 GET with chunks", get("Transfer-Encoding: chunked\r\n") + "4\r\nGET \r\n0\r\n\r\n"},
      {"9112 3.2.2 absolute form", bare("Host: a.org:1\r\n", "GET http://A.org:1/healthz HTTP/1.1")},
      {"9110 7.2 host is a number", bare("Host: [::1]:8080\r\n")},
      {"9112 2.3 keep-alive in HTTP/1.0", bare("Connection: keep-alive\r\n", "GET /healthz HTTP/1.0")},
      {"9110 10.1.1 expectation in HTTP/1.0",
       bare("Connection: keep-alive\r\nExpect: more\r\n", "GET /healthz HTTP/1.0")},
  };
  for (const auto& [name, bytes] : rows) {
    for (const bool byte_by_byte : {false, true}) {
      SCOPED_TRACE(std::string(name) + (byte_by_byte ? ", byte by byte" : ""));
      try {
        auto connection = connect();
        send(connection, bytes + probe(), byte_by_byte);
        const Reply reply = connection.read_reply();
        EXPECT_EQ(reply.status, 200) << reply;
        if (bytes.rfind("POST", 0) == 0) {
          EXPECT_THAT(reply.body, HasSubstr("hello"));
        }
        EXPECT_EQ(connection.read_reply().status, 204) << "the next request begins where this one ends";
      } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
      }
    }
  }
}

// RFC 9112, 3.2; 9110, 7.2 and 4.2.4.
TEST_F(Framing, ThereIsOneHost) {
  const std::vector<Refused> rows = {
      {"9112 3.2 none", bare("")},
      {"9112 3.2 two", bare("Host: a\r\nHost: b\r\n")},
      {"9112 3.2 two alike", bare("Host: a\r\nhost: a\r\n")},
      {"9112 3.2 two in HTTP/1.0", bare("Host: a\r\nHost: b\r\n", "GET /healthz HTTP/1.0")},
      {"9110 4.2.1 empty", bare("Host:\r\n")},
      {"9110 7.2 a list", bare("Host: a, b\r\n")},
      {"9110 7.2 a space", bare("Host: a b\r\n")},
      {"9110 7.2 a path", bare("Host: a/b\r\n")},
      {"9110 4.2.4 a user", bare("Host: u@a\r\n")},
      {"9112 3.2.2 another one in the target", bare("Host: a\r\n", "GET http://b/healthz HTTP/1.1")},
      {"9112 3.2.2 another port in the target", bare("Host: a:1\r\n", "GET http://a:2/healthz HTTP/1.1")},
      {"9112 3.2.2 none beside the target", bare("", "GET http://a/healthz HTTP/1.1")},
      {"9112 3.2.3 authority form", bare("Host: a:1\r\n", "GET a:1 HTTP/1.1")},
      {"9112 3.2.4 asterisk form", bare("Host: a\r\n", "GET * HTTP/1.1")},
  };
  for (const auto& [name, bytes, status] : rows) {
    auto connection = connect();
    connection.write(bytes + probe());
    EXPECT_EQ(connection.read_reply().status, status) << name;
    EXPECT_EQ(connection.read_to_end(), "") << name;
  }
}

TEST_F(Framing, NothingOfItWasAnErrorOfTheServer) {
  EXPECT_THAT(server_->log(), Not(HasSubstr("level=error")));
}

}  // namespace
}  // namespace stoa::harness
