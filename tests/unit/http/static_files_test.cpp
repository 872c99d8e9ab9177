// Files: variants, conditions and ranges.
#include "http/static_files.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "http/conditional.hpp"
#include "http/range.hpp"
#include "http/reader.hpp"

namespace stoa::core::http {

namespace {

std::string text() {
  std::string out;
  for (int i = 0; i < 500; ++i) out += "line " + std::to_string(i) + "\n";
  return out;
}

std::string field(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.fields)
    if (key == name) return value;
  return {};
}

class StaticFile : public ::testing::Test {
 protected:
  StaticFile() {
    files_.add("/a.txt", text());
    files_.add("/empty.txt", "");
  }
  Response get(const std::string& fields, const std::string& line = "GET /a.txt") {
    RequestHead head;
    Reader reader{{}};
    EXPECT_TRUE(reader.read_head(line + " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n", head).complete);
    auto response = files_.serve(head, "0123456789abcdef");
    return response ? std::move(*response) : Response{.status = 404};
  }
  StaticFiles files_;
};

std::string described(std::string_view header, std::size_t length) {
  const Range range = range_of(header, length);
  switch (range.kind) {
    case Range::Kind::whole: return "whole";
    case Range::Kind::part: return std::to_string(range.first) + "+" + std::to_string(range.size);
    case Range::Kind::unsatisfiable: return "unsatisfiable";
  }
  return {};
}

}  // namespace

// RFC 9110, 14.1.2 and 14.2.
TEST(Ranges, AreReadStrictly) {
  EXPECT_EQ(described("bytes=0-0", 10), "0+1");
  EXPECT_EQ(described("bytes=3-5", 10), "3+3");
  EXPECT_EQ(described("Bytes=3-", 10), "3+7");
  EXPECT_EQ(described("bytes=0-99", 10), "0+10");
  EXPECT_EQ(described("bytes=9-18446744073709551616", 10), "9+1");
  EXPECT_EQ(described("bytes=-3", 10), "7+3");
  EXPECT_EQ(described("bytes=-99999999999999999999999", 10), "0+10");
  EXPECT_EQ(described("bytes=10-", 10), "unsatisfiable");
  EXPECT_EQ(described("bytes=10-20", 10), "unsatisfiable");
  EXPECT_EQ(described("bytes=99999999999999999999999-", 10), "unsatisfiable");
  EXPECT_EQ(described("bytes=-0", 10), "unsatisfiable");
  EXPECT_EQ(described("bytes=0-", 0), "unsatisfiable");
  EXPECT_EQ(described("bytes=-5", 0), "whole");
  for (const char* ignored : {"", "bytes", "bytes=", "bytes=-", "bytes=5", "bytes=5-3", "bytes=a-b",
                              "bytes=1-x", "bytes=x-1", "bytes= 1-2", "bytes=1-2 ", "bytes=+1-2", "bytes=--1",
                              "bytes=0x1-2", "bytes=0-1,3-4", "bytes=0-1,", "lines=0-1", "bytes:0-1"})
    EXPECT_EQ(described(ignored, 10), "whole") << ignored;
}

// RFC 9110, 13.1.2.
TEST(Conditions, CompareTagsWeakly) {
  EXPECT_TRUE(none_match("\"a\"", "\"a\""));
  EXPECT_TRUE(none_match("W/\"a\"", "\"a\""));
  EXPECT_TRUE(none_match("*", "\"a\""));
  EXPECT_TRUE(none_match("\"x\" , ,W/\"y\",\"a\"", "\"a\""));
  EXPECT_TRUE(none_match("\"x,y\", \"a\"", "\"a\""));
  EXPECT_FALSE(none_match("\"x,\"a\",y\"", "\"a\"")) << "no list of tags";
  EXPECT_FALSE(none_match("", "\"a\""));
  EXPECT_FALSE(none_match("\"b\"", "\"a\""));
  EXPECT_FALSE(none_match("a", "\"a\""));
  EXPECT_FALSE(none_match("\"a", "\"a\""));
  EXPECT_FALSE(none_match("\"A\"", "\"a\""));
  EXPECT_FALSE(none_match("*", "")) << "there is nothing";
}

TEST_F(StaticFile, GivesItsPartsAsTheyAreAskedFor) {
  const Response whole = get("");
  ASSERT_EQ(whole.status, 200);
  EXPECT_EQ(*whole.body, text());
  EXPECT_EQ(field(whole, "Accept-Ranges"), "bytes");
  const std::string length = std::to_string(text().size());

  const Response part = get("Range: bytes=5-9\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(*part.body, text().substr(5, 5));
  EXPECT_EQ(field(part, "Content-Range"), "bytes 5-9/" + length);
  for (const char* same : {"Content-Type", "Cache-Control", "ETag", "Vary", "X-Content-Type-Options"})
    EXPECT_EQ(field(part, same), field(whole, same)) << same;

  const Response beyond = get("Range: bytes=" + length + "-\r\n");
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(field(beyond, "Content-Range"), "bytes */" + length);
  EXPECT_NE(beyond.body->find("/problems/range-not-satisfiable"), std::string::npos);

  EXPECT_EQ(get("Range: bytes=0-1,4-5\r\n").status, 200);
  EXPECT_EQ(get("Range: bytes=0-1\r\n", "HEAD /a.txt").status, 200) << "RFC 9110, 14.2: GET only";
  EXPECT_EQ(get("Range: bytes=0-\r\n", "GET /empty.txt").status, 416);
}

// RFC 9110, 13.1.5 and 13.2.2.
TEST_F(StaticFile, ChecksConditionsBeforeRanges) {
  const std::string etag = field(get(""), "ETag");
  const std::string range = "Range: bytes=0-4\r\n";
  EXPECT_EQ(get(range + "If-Range: " + etag + "\r\n").status, 206);
  EXPECT_EQ(get(range + "If-Range: W/" + etag + "\r\n").status, 200) << "strong comparison";
  EXPECT_EQ(get(range + "If-Range: \"other\"\r\n").status, 200);
  EXPECT_EQ(get(range + "If-Range: Wed, 21 Oct 2015 07:28:00 GMT\r\n").status, 200);
  EXPECT_EQ(get("Range: bytes=999999-\r\nIf-Range: \"other\"\r\n").status, 200);
  EXPECT_EQ(get(range + "If-None-Match: " + etag + "\r\n").status, 304);
  EXPECT_EQ(get("If-None-Match: \"x\"\r\nIf-None-Match: " + etag + "\r\n").status, 304) << "in two lines";
  EXPECT_EQ(get(range + "If-None-Match: \"other\"\r\n").status, 206);
}

TEST_F(StaticFile, HasNoPartsOfACompressedVariant) {
  const Response packed = get("Accept-Encoding: gzip\r\nRange: bytes=0-4\r\n");
  EXPECT_EQ(packed.status, 200);
  EXPECT_EQ(field(packed, "Content-Encoding"), "gzip");
  EXPECT_EQ(field(packed, "Content-Range"), "");
  EXPECT_EQ(field(packed, "Accept-Ranges"), "");
  EXPECT_EQ(get("Accept-Encoding: gzip;q=0\r\nRange: bytes=0-4\r\n").status, 206);
  EXPECT_EQ(get("Accept-Encoding: deflate\r\nAccept-Encoding: gzip\r\n").body, packed.body) << "in two lines";
}

TEST_F(StaticFile, KnowsItsPaths) {
  EXPECT_TRUE(files_.has("/a.txt"));
  EXPECT_FALSE(files_.has("/a.txt/"));
  EXPECT_EQ(get("", "GET /../a.txt").status, 404);
}

}  // namespace stoa::core::http
