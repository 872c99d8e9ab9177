// What goes out compressed, and what never does.
#include <gmock/gmock.h>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

using ::testing::HasSubstr;

const Headers kGzip = {{"Accept-Encoding", "gzip"}};
const Headers kBrotli = {{"Accept-Encoding", "gzip, deflate, br"}};

class Compression : public ::testing::TestWithParam<const char*> {
 protected:
  Compression() : server_({.environment = {{"STOA__CACHE__MAX_MB", GetParam()}}}) {
    const std::int64_t category = member_.get("/categories").json()["items"][0]["id"].integer();
    std::string body;
    for (int i = 0; i < 200; ++i) body += "Sentence " + std::to_string(i) + " of a long post. ";
    const Reply post = member_.post(
        "/posts", object({{"title", "A long one"}, {"body", body}, {"category_ids", array({category})}}));
    if (post.status != 201) throw std::runtime_error(post.body);
    api_ = "/posts/" + std::to_string(post.json()["id"].integer());
    page_ = "//p/" + std::to_string(post.json()["id"].integer()) + "/" + post.json()["slug"].text();
  }

  static Headers with(Headers headers, const std::string& etag) {
    headers.emplace_back("If-None-Match", etag);
    return headers;
  }

  TestServer server_;
  Client stranger_ = server_.client();
  Client member_ = server_.register_user("ann");
  Client voter_ = server_.register_user("bob");
  std::string api_, page_;
};

TEST_P(Compression, EachCodingIsAnAnswerOfItsOwn) {
  for (const std::string& path : {api_, page_}) {
    const Reply plain = stranger_.get(path);
    EXPECT_EQ(plain.header("Content-Encoding"), "");
    EXPECT_EQ(plain.header("Vary"), "Accept-Encoding");
    std::vector<std::string> etags = {plain.header("ETag")};
    // As a member too: that answer comes from the plugin every time.
    for (Client* client : {&stranger_, &stranger_, &member_}) {
      for (const auto& [headers, coding] : {std::pair(kGzip, "gzip"), std::pair(kBrotli, "br")}) {
        const Reply packed = client->get(path, headers);
        EXPECT_EQ(packed.status, 200) << path;
        EXPECT_EQ(packed.header("Content-Encoding"), coding) << path;
        EXPECT_EQ(packed.header("Content-Type"), plain.header("Content-Type"));
        EXPECT_EQ(packed.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(packed.header("Cache-Control"), plain.header("Cache-Control"));
        EXPECT_LT(packed.body.size(), plain.body.size() / 2);
        const std::string etag = packed.header("ETag");
        EXPECT_NE(etag, plain.header("ETag"));
        EXPECT_EQ(etag.front(), '"') << "strong";

        const Reply again = client->get(path, headers);
        EXPECT_EQ(again.body == packed.body, again.header("ETag") == etag) << "the same tag, the same bytes";
        const Reply known = client->get(path, with(headers, again.header("ETag")));
        EXPECT_EQ(known.status, 304) << path << ' ' << coding;
        EXPECT_EQ(known.header("ETag"), again.header("ETag"));
        EXPECT_EQ(known.header("Vary"), "Accept-Encoding");
        EXPECT_EQ(known.body, "");
        EXPECT_EQ(client->get(path, with(headers, plain.header("ETag"))).status, 200) << "of another coding";
        EXPECT_EQ(client->get(path, with({}, etag)).status, 200) << "of another coding";
      }
    }
    EXPECT_EQ(stranger_.get(path, with({}, plain.header("ETag"))).status, 304);
    EXPECT_EQ(stranger_.get(path).body, plain.body);
    const Reply head = stranger_.head(path, kGzip);
    EXPECT_EQ(head.header("Content-Encoding"), "gzip");
    EXPECT_EQ(head.body, "");
  }
}

TEST_P(Compression, AChangeShowsInEveryCoding) {
  for (const Headers& headers : {Headers(), kGzip, kBrotli}) {
    stranger_.get(api_, headers);
    const Reply before = stranger_.get(api_, headers);
    ASSERT_EQ(voter_.put(api_ + "/vote", object({{"value", 1}})).status, 200);
    const Reply voted = stranger_.get(api_, with(headers, before.header("ETag")));
    EXPECT_EQ(voted.status, 200);
    EXPECT_NE(voted.header("ETag"), before.header("ETag"));
    ASSERT_EQ(voter_.put(api_ + "/vote", object({{"value", 0}})).status, 200);
  }
}

TEST_P(Compression, WhatIsPersonalOrSmallStaysAsItIs) {
  for (const char* path : {"/users/me", "/notifications", "/chat/contacts", "/posts/state?ids=1"}) {
    const Reply reply = member_.get(path, kBrotli);
    EXPECT_EQ(reply.status, 200) << path;
    EXPECT_EQ(reply.header("Content-Encoding"), "") << path;
    EXPECT_THAT(reply.header("Cache-Control"), HasSubstr("private")) << path;
  }
  EXPECT_EQ(stranger_.get("/users/ann", kBrotli).header("Content-Encoding"), "") << "less than a kilobyte";
  const Reply written = member_.post("/posts/preview", object({{"body", std::string(3'000, 'x')}}), kBrotli);
  EXPECT_EQ(written.header("Content-Encoding"), "");
}

INSTANTIATE_TEST_SUITE_P(WithAndWithoutACache, Compression, ::testing::Values("16", "0"),
                         [](const auto& run) { return run.param[0] == '0' ? "Off" : "On"; });

}  // namespace
}  // namespace stoa::harness
