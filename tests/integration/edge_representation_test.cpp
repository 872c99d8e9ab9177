// Which representation is sent, which part of it, or none: conditions, ranges, codings, and the fields that
// every answer carries. Sections are those of RFC 9110.
#include <gmock/gmock.h>

#include "edge_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

class RepresentationOf : public EdgeServer {
 protected:
  static Reply ask(const std::string& target, std::string_view fields = "") {
    auto connection = connect();
    connection.write(head_of("GET " + target, fields) + probe());
    Reply reply = connection.read_reply();
    EXPECT_EQ(connection.read_reply().status, 204) << target << ' ' << fields;
    return reply;
  }
  // An API answer, a page of a plugin, a page of the host, a file: who answers differs.
  static std::vector<std::string> targets() {
    return {"/api/v1/posts", "/api/v1/openapi.json", "/", "/setup", file_};
  }
};

// 13.1.2 and 8.8.3.
TEST_F(RepresentationOf, ConditionsAreFollowed) {
  for (const std::string& target : targets()) {
    const Reply whole = ask(target);
    const std::string etag = whole.header("ETag");
    ASSERT_THAT(etag, MatchesRegex("\"[0-9a-f]+\"")) << target;
    struct Row {
      const char* name;
      std::string fields;
      int status;
    };
    const std::vector<Row> rows = {
        {"the tag", "If-None-Match: " + etag + "\r\n", 304},
        {"13.1.2 weak comparison", "If-None-Match: W/" + etag + "\r\n", 304},
        {"5.6.1 a list", "If-None-Match: \"x\", W/\"y\" ,," + etag + "\r\n", 304},
        {"5.3 a list in several lines", "If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n", 304},
        {"8.8.3 a tag with commas", "If-None-Match: \"x,y\", " + etag + "\r\n", 304},
        {"13.1.2 anything", "If-None-Match: *\r\n", 304},
        {"another", "If-None-Match: \"x\"\r\n", 200},
        {"not quoted", "If-None-Match: " + etag.substr(1, etag.size() - 2) + "\r\n", 200},
        {"half a tag", "If-None-Match: " + etag.substr(0, 8) + "\"\r\n", 200},
        {"within another", "If-None-Match: \"x," + etag + ",y\"\r\n", 200},
        {"empty", "If-None-Match:\r\n", 200},
        {"13.1.3 no Last-Modified", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n", 200},
        {"13.2.2 the tag decides",
         "If-None-Match: \"x\"\r\nIf-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n", 200},
    };
    for (const auto& [name, fields, status] : rows) {
      const Reply reply = ask(target, fields);
      EXPECT_EQ(reply.status, status) << target << ", " << name;
      if (status != 304) continue;
      // 15.4.5.
      for (const char* same : {"ETag", "Cache-Control", "Vary"})
        EXPECT_EQ(reply.header(same), whole.header(same)) << target << ", " << name;
      EXPECT_EQ(reply.header("Content-Length"), "") << target;
    }
  }
  EXPECT_EQ(ask("/nowhere", "If-None-Match: *\r\n").status, 404) << "13.2.1: only of what would be sent";
  EXPECT_EQ(ask("/api/v1/users/nobody", "If-None-Match: *\r\n").status, 404);
}

// 14.
TEST_F(RepresentationOf, AFileHasParts) {
  const Reply whole = ask(file_);
  const std::string length = std::to_string(whole.body.size());
  const std::string etag = whole.header("ETag");
  EXPECT_EQ(whole.header("Accept-Ranges"), "bytes");
  struct Row {
    const char* name;
    std::string fields;
    int status;
    std::string range;
  };
  const std::string last = std::to_string(whole.body.size() - 1);
  const std::vector<Row> rows = {
      {"14.1.2 from and to", "Range: bytes=10-19\r\n", 206, "10-19"},
      {"14.1.2 the first", "Range: bytes=0-0\r\n", 206, "0-0"},
      {"14.1.2 from", "Range: bytes=10-\r\n", 206, "10-" + last},
      {"14.1.2 beyond the end", "Range: bytes=10-99999999999999999999\r\n", 206, "10-" + last},
      {"14.1.2 the last", "Range: bytes=-1\r\n", 206, last + "-" + last},
      {"14.1.2 more than there is", "Range: bytes=-99999999999999999999\r\n", 206, "0-" + last},
      {"14.1 units have no case", "Range: BYTES=0-1\r\n", 206, "0-1"},
      {"14.1.2 behind the end", "Range: bytes=" + length + "-\r\n", 416, ""},
      {"14.1.2 far behind the end", "Range: bytes=99999999999999999999-\r\n", 416, ""},
      {"14.1.2 the last none", "Range: bytes=-0\r\n", 416, ""},
      {"14.1.1 backwards", "Range: bytes=9-5\r\n", 200, ""},
      {"14.2 another unit", "Range: lines=0-1\r\n", 200, ""},
      {"14.2 no range", "Range: bytes=a-b\r\n", 200, ""},
      {"14.2 several may be ignored", "Range: bytes=0-1,3-4\r\n", 200, ""},
      {"13.1.5 of this", "Range: bytes=0-4\r\nIf-Range: " + etag + "\r\n", 206, "0-4"},
      {"13.1.5 of another", "Range: bytes=0-4\r\nIf-Range: \"x\"\r\n", 200, ""},
      {"13.1.5 strong comparison", "Range: bytes=0-4\r\nIf-Range: W/" + etag + "\r\n", 200, ""},
      {"13.1.5 a date", "Range: bytes=0-4\r\nIf-Range: Wed, 21 Oct 2015 07:28:00 GMT\r\n", 200, ""},
      {"13.1.5 of another, behind the end", "Range: bytes=9999999-\r\nIf-Range: \"x\"\r\n", 200, ""},
      {"13.2.2 known already", "Range: bytes=0-4\r\nIf-None-Match: " + etag + "\r\n", 304, ""},
      {"a compressed one is sent whole", "Range: bytes=0-4\r\nAccept-Encoding: gzip\r\n", 200, ""},
      {"but not when it is not wanted", "Range: bytes=0-4\r\nAccept-Encoding: gzip;q=0\r\n", 206, "0-4"},
  };
  for (const auto& [name, fields, status, range] : rows) {
    const Reply reply = ask(file_, fields);
    EXPECT_EQ(reply.status, status) << name;
    if (status == 206) {
      const std::size_t first = std::stoul(range);
      const std::size_t size = std::stoul(range.substr(range.find('-') + 1)) - first + 1;
      EXPECT_EQ(reply.header("Content-Range"), "bytes " + range + "/" + length) << name;
      EXPECT_EQ(reply.body, whole.body.substr(first, size)) << name;
      EXPECT_EQ(reply.header("ETag"), etag) << name;
    } else if (status == 416) {
      EXPECT_EQ(reply.header("Content-Range"), "bytes */" + length) << name;
      EXPECT_EQ(reply.problem(), "range-not-satisfiable") << name;
      EXPECT_EQ(reply.json()["request_id"], reply.header("X-Request-Id")) << name;
    } else {
      EXPECT_EQ(reply.header("Content-Range"), "") << name;
    }
  }
  for (const std::string target : {"/", "/api/v1/posts"})
    EXPECT_EQ(ask(target, "Range: bytes=0-4\r\n").status, 200) << "14.2: it may be ignored";
}

// 12.5.3 and 8.4.
TEST_F(RepresentationOf, CodingsAreNegotiated) {
  struct Row {
    const char* name;
    const char* fields;
    const char* coding;
  };
  const std::vector<Row> rows = {
      {"nothing said", "", ""},
      {"empty", "Accept-Encoding:\r\n", ""},
      {"gzip", "Accept-Encoding: gzip\r\n", "gzip"},
      {"br", "Accept-Encoding: br\r\n", "br"},
      {"the shorter of equals", "Accept-Encoding: gzip, deflate, br\r\n", "br"},
      {"12.4.2 by weight", "Accept-Encoding: br;q=0.5, gzip;q=0.9\r\n", "gzip"},
      {"12.4.2 small and large letters", "Accept-Encoding: GZIP ; Q=0.5\r\n", "gzip"},
      {"12.4.2 refused", "Accept-Encoding: gzip;q=0\r\n", ""},
      {"12.4.2 refused with decimals", "Accept-Encoding: gzip;q=0.000, br;q=0.\r\n", ""},
      {"12.4.2 no weight", "Accept-Encoding: gzip;q=x\r\n", ""},
      {"12.5.3 any", "Accept-Encoding: *\r\n", "br"},
      {"12.5.3 any but", "Accept-Encoding: br;q=0, *\r\n", "gzip"},
      {"12.5.3 none", "Accept-Encoding: *;q=0\r\n", ""},
      {"12.5.3 not as it is", "Accept-Encoding: identity;q=0, gzip;q=0.1\r\n", "gzip"},
      {"12.5.3 not as it is, but nothing else", "Accept-Encoding: identity;q=0\r\n", ""},
      {"12.5.3 better as it is", "Accept-Encoding: gzip;q=0.5, identity\r\n", ""},
      {"unknown ones", "Accept-Encoding: zstd, compress, gzipped\r\n", ""},
      {"5.3 in several lines", "Accept-Encoding: zstd\r\nAccept-Encoding: gzip\r\n", "gzip"},
  };
  for (const std::string& target : {std::string("/api/v1/openapi.json"), std::string("/"), file_}) {
    const std::string plain = ask(target).header("ETag");
    for (const auto& [name, fields, coding] : rows) {
      const Reply reply = ask(target, fields);
      EXPECT_EQ(reply.status, 200) << target << ", " << name;
      EXPECT_EQ(reply.header("Content-Encoding"), coding) << target << ", " << name;
      EXPECT_EQ(reply.header("Vary"), "Accept-Encoding") << target << ", " << name;
      EXPECT_EQ(reply.header("ETag") == plain, *coding == '\0') << target << ", " << name;
    }
  }
}

TEST_F(RepresentationOf, EveryAnswerCarriesItsFields) {
  std::vector<Reply> replies;
  for (const std::string& target : targets()) {
    replies.push_back(ask(target));
    replies.push_back(ask(target, "If-None-Match: *\r\n"));
  }
  for (const char* target :
       {"/nowhere", "/api/v1/nowhere", "/api/v1/users/me", "/assets/nowhere.css", "/healthz"})
    replies.push_back(ask(target));
  replies.push_back(ask(file_, "Range: bytes=1-2\r\n"));
  replies.push_back(ask(file_, "Range: bytes=-0\r\n"));
  for (const std::string& bytes : {probe(), preview("x"), std::string("GET / HTTP/3.0\r\n\r\n"),
                                   std::string("BREW / HTTP/1.1\r\n\r\n"), head_of("DELETE /api/v1/posts")}) {
    auto connection = connect();
    connection.write(bytes);
    replies.push_back(connection.read_reply());
  }
  std::set<std::string> ids;
  for (const Reply& reply : replies) {
    EXPECT_THAT(reply.header("Server-Timing"), MatchesRegex("total;dur=[0-9]+\\.[0-9][0-9][0-9]")) << reply;
    EXPECT_THAT(reply.header("X-Request-Id"), MatchesRegex("[0-9a-f]+"));
    EXPECT_THAT(reply.header("Date"), MatchesRegex("..., .. ... .... ..:..:.. GMT"));
    for (const char* once : {"Date", "Connection", "X-Request-Id", "Server-Timing", "Content-Type", "ETag",
                             "Vary", "Cache-Control", "Content-Length", "X-Content-Type-Options"})
      EXPECT_LE(reply.all(once).size(), 1u) << once << ' ' << reply;
    EXPECT_EQ(reply.header("Server"), "") << "what it is made of is nobody's business";
    EXPECT_EQ(reply.header("Access-Control-Allow-Origin"), "");
    if (!reply.body.empty()) {
      EXPECT_EQ(reply.header("X-Content-Type-Options"), "nosniff") << reply;
    }
    ids.insert(reply.header("X-Request-Id"));
  }
  EXPECT_EQ(ids.size(), replies.size());
}

TEST_F(RepresentationOf, PagesAreLockedDown) {
  for (const std::string target : {"/", "/setup", "/nowhere"}) {
    const Reply page = ask(target);
    EXPECT_THAT(page.header("Content-Type"), HasSubstr("text/html")) << target;
    const std::string policy = page.header("Content-Security-Policy");
    for (const char* part :
         {"default-src 'none'", "script-src 'self' 'sha256-", "frame-ancestors 'none'", "base-uri 'none'",
          "form-action 'self'", "style-src 'self';", "connect-src 'self';"})
      EXPECT_THAT(policy, HasSubstr(part)) << target;
    for (const char* hole : {"unsafe-", "script-src *", "http:", " blob:", "strict-dynamic", "nonce-"})
      EXPECT_THAT(policy, Not(HasSubstr(hole))) << target;
    EXPECT_EQ(page.header("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(page.header("X-Frame-Options"), "DENY") << target;
    EXPECT_THAT(page.header("Referrer-Policy"),
                AnyOf("no-referrer", "same-origin", "strict-origin-when-cross-origin"))
        << target;
  }
}

}  // namespace
}  // namespace stoa::harness
