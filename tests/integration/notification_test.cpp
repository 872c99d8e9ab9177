// Who hears of what.
#include "notification_fixture.hpp"

namespace stoa::harness {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

using Notifications = NotificationFixture;

TEST_F(Notifications, TellOfCommentsRepliesAndMentions) {
  Client cid = server_.register_user("cid");
  const std::int64_t post = write_post(ann_, "For @cid and for me, @ann.");
  EXPECT_TRUE(sees(cid, {named("mention", post)}));
  const Json mention = all(cid)[0];
  EXPECT_EQ(mention["subject"]["kind"], "post");
  EXPECT_EQ(mention["subject"]["title"], "Hello there");
  EXPECT_EQ(mention["subject"]["url"].text(), "/p/" + std::to_string(post) + "/hello-there");
  EXPECT_EQ(mention["read"], false);
  EXPECT_EQ(mention["count"], 1);
  EXPECT_THAT(actors(mention), ElementsAre("ann"));

  const std::int64_t first = comment(bob_, post, "Nice.");
  EXPECT_TRUE(sees(ann_, {named("comment", first)})) << "her own mention of herself is no news";
  const Json item = all(ann_)[0];
  EXPECT_EQ(item["subject"]["kind"], "comment");
  EXPECT_EQ(item["subject"]["url"].text(),
            "/p/" + std::to_string(post) + "/hello-there#comment-" + std::to_string(first));

  const std::int64_t reply = comment(ann_, post, "Thanks, @bob", first);
  EXPECT_TRUE(sees(bob_, {named("mention", reply)})) << "a mention goes before a reply";
  const std::int64_t other = comment(cid, post, "So say I", first);
  EXPECT_TRUE(sees(bob_, {named("reply", other), named("mention", reply)}));
  EXPECT_TRUE(sees(ann_, {named("comment", other), named("comment", first)}));
  comment(ann_, post, "And to myself.");
  EXPECT_TRUE(has_unread(ann_, 2));
}

TEST_F(Notifications, AnEditAddsAndNeverTellsTwice) {
  Client cid = server_.register_user("cid");
  const std::int64_t post = write_post(ann_);
  const std::int64_t said = comment(bob_, post, "Hello @cid");
  EXPECT_TRUE(sees(cid, {named("mention", said)}));
  const auto edit = [&](const std::string& body, int revision) {
    const Reply reply =
        bob_.patch("/comments/" + std::to_string(said), object({{"body", body}, {"revision", revision}}));
    ASSERT_EQ(reply.status, 200) << reply;
  };
  const auto revision = [&] {
    const Json items = bob_.get("/posts/" + std::to_string(post) + "/comments").json()["items"];
    return static_cast<int>(items[0]["revision"].integer());
  };
  Client dan = server_.register_user("dan");
  edit("Hello @cid and @ann and @dan", revision());
  EXPECT_TRUE(sees(dan, {named("mention", said)}));
  EXPECT_EQ(seen(ann_), (std::vector{named("comment", said)})) << "she was told of that comment before";
  EXPECT_EQ(seen(cid), (std::vector{named("mention", said)}));
  EXPECT_EQ(cid.del("/notifications/" + std::to_string(all(cid)[0]["id"].integer())).status, 204);
  edit("Again @cid", revision());
  const std::int64_t marker = comment(bob_, post, "@dan");
  EXPECT_TRUE(sees(dan, {named("mention", marker), named("mention", said)}));
  EXPECT_TRUE(all(cid).empty()) << "removed is not forgotten";
}

TEST_F(Notifications, SubscriptionsAndPreferencesDecide) {
  Client cid = server_.register_user("cid");
  const std::int64_t post = write_post(ann_);
  const std::string path = "/notifications/subscriptions/" + std::to_string(post);
  const Reply watching = cid.put(path, R"({"level":"watching"})");
  EXPECT_EQ(watching.status, 200) << watching;
  EXPECT_EQ(watching.json()["level"], "watching");
  const std::int64_t first = comment(bob_, post, "One");
  EXPECT_TRUE(sees(cid, {named("comment", first)}));
  const std::string state = "/posts/state?ids=" + std::to_string(post);
  EXPECT_EQ(cid.get(state).json()["items"][0]["subscription"], "watching");
  EXPECT_EQ(bob_.get(state).json()["items"][0]["subscription"], "normal");

  // What counts is what somebody wants when the news gets to them: dan's copy says that it has.
  Client dan = server_.register_user("dan");
  EXPECT_EQ(dan.put(path, R"({"level":"watching"})").status, 200);
  const auto write = [&](const std::string& body) {
    const std::int64_t id = comment(bob_, post, body);
    EXPECT_TRUE(eventually([&] { return !all(dan).empty() && all(dan)[0]["subject"]["id"] == id; }));
    return id;
  };
  EXPECT_EQ(cid.put(path, R"({"level":"muted"})").status, 200);
  EXPECT_EQ(ann_.put(path, R"({"level":"muted"})").status, 200);
  write("Two @cid");
  EXPECT_EQ(cid.put(path, R"({"level":"normal"})").status, 200);
  EXPECT_EQ(cid.put("/notifications/preferences", R"({"types":{"mention":{"in_app":false}}})").status, 200);
  write("Three @cid");
  EXPECT_EQ(cid.put("/notifications/preferences", R"({"types":{"mention":{"in_app":true}}})").status, 200);
  const std::int64_t last = write("Four @cid");
  EXPECT_EQ(seen(cid), (std::vector{named("mention", last), named("comment", first)}));
  EXPECT_EQ(seen(ann_), (std::vector{named("comment", first)}));
  for (const char* wrong : {"{}", R"({"level":"loud"})", R"({"level":1})", R"({"level":"muted","x":1})"})
    EXPECT_EQ(cid.put(path, wrong).status, 422) << wrong;
}

TEST_F(Notifications, PreferencesAreReadAndWritten) {
  const Json before = ann_.get("/notifications/preferences").json()["types"];
  EXPECT_THAT(before.names(),
              UnorderedElementsAre("comment", "reply", "mention", "vote", "message", "moderation"));
  EXPECT_EQ(before["vote"]["in_app"], true);
  EXPECT_EQ(before["vote"]["email"], false);
  const Reply changed =
      ann_.put("/notifications/preferences",
               R"({"types":{"vote":{"in_app":false,"email":true},"reply":{"email":true}}})");
  EXPECT_EQ(changed.status, 200) << changed;
  EXPECT_EQ(changed.json()["types"]["vote"]["in_app"], false);
  const Json after = ann_.get("/notifications/preferences").json()["types"];
  EXPECT_EQ(after["vote"]["email"], true);
  EXPECT_EQ(after["reply"]["in_app"], true);
  EXPECT_EQ(after["reply"]["email"], true);
  EXPECT_EQ(bob_.get("/notifications/preferences").json()["types"]["vote"]["in_app"], true);
  for (const char* wrong :
       {"{}", R"({"types":[]})", R"({"types":{"gossip":{"in_app":true}}})", R"({"types":{"vote":true}})",
        R"({"types":{"vote":{"in_app":1}}})", R"({"types":{"vote":{"sms":true}}})", R"({"types":{},"x":1})"})
    EXPECT_EQ(ann_.put("/notifications/preferences", wrong).status, 422) << wrong;
}

TEST_F(Notifications, LikesGather) {
  const std::int64_t post = write_post(ann_);
  std::vector<Client> others;
  for (const char* name : {"cid", "dan", "eve"}) others.push_back(server_.register_user(name));
  vote(bob_, "posts", post, 1);
  EXPECT_TRUE(sees(ann_, {named("vote", post)}));
  for (Client& other : others) vote(other, "posts", post, 1);
  EXPECT_TRUE(eventually([&] { return all(ann_)[0]["count"] == 4; }));
  EXPECT_THAT(actors(all(ann_)[0]), ElementsAre("eve", "dan", "cid", "bob"));
  EXPECT_EQ(unread(ann_), 1);
  vote(others[0], "posts", post, 1);
  vote(others[1], "posts", post, 0);
  vote(others[2], "posts", post, -1);
  EXPECT_TRUE(eventually([&] { return all(ann_)[0]["count"] == 2; }));
  EXPECT_THAT(actors(all(ann_)[0]), ElementsAre("cid", "bob"));

  // Once read, the subject calls once more at most within the two hours.
  EXPECT_EQ(ann_.put("/notifications/read", R"({"all":true})").status, 204);
  vote(others[1], "posts", post, 1);
  EXPECT_TRUE(has_unread(ann_, 1));
  EXPECT_EQ(ann_.put("/notifications/read", R"({"all":true})").status, 204);
  vote(others[2], "posts", post, 1);
  EXPECT_TRUE(eventually([&] { return all(ann_)[0]["count"] == 4; }));
  EXPECT_EQ(unread(ann_), 0);

  vote(bob_, "posts", post, 0);
  for (Client& other : others) vote(other, "posts", post, 0);
  EXPECT_TRUE(sees(ann_, {}));
}

TEST_F(Notifications, OneForEachConversationThatCounts) {
  const std::int64_t id = talk(bob_, ann_);
  std::vector<std::int64_t> said;
  for (int i = 0; i < 3; ++i) said.push_back(say(bob_, id, "hello"));
  EXPECT_TRUE(eventually([&] { return !all(ann_).empty() && all(ann_)[0]["count"] == 3; }));
  const Json item = all(ann_)[0];
  EXPECT_EQ(item["type"], "message");
  EXPECT_EQ(item["subject"]["kind"], "conversation");
  EXPECT_EQ(item["subject"]["id"], id);
  EXPECT_EQ(item["subject"]["title"], "bob");
  EXPECT_EQ(item["subject"]["url"].text(), "/messages/" + std::to_string(id));
  EXPECT_EQ(unread(ann_), 1);
  EXPECT_TRUE(all(bob_).empty());

  EXPECT_EQ(bob_.del("/chat/messages/" + std::to_string(said[1])).status, 204);
  EXPECT_TRUE(eventually([&] { return all(ann_)[0]["count"] == 2; }));
  const std::string read = "/chat/conversations/" + std::to_string(id) + "/read";
  EXPECT_EQ(ann_.put(read, object({{"message_id", said[0]}})).status, 204);
  EXPECT_TRUE(eventually([&] { return all(ann_)[0]["count"] == 1; }));
  EXPECT_EQ(ann_.put(read, object({{"message_id", said[2]}})).status, 204);
  EXPECT_TRUE(has_unread(ann_, 0));

  const std::int64_t again = say(bob_, id, "and again");
  EXPECT_TRUE(has_unread(ann_, 1));
  EXPECT_EQ(all(ann_).size(), 1u);
  EXPECT_EQ(all(ann_)[0]["count"], 1);
  EXPECT_EQ(bob_.del("/chat/messages/" + std::to_string(again)).status, 204);
  EXPECT_TRUE(sees(ann_, {})) << "nothing unread is left";
}

TEST_F(Notifications, ReadingTheSubjectReadsThem) {
  const std::int64_t post = write_post(ann_);
  const std::int64_t first = comment(bob_, post, "One");
  const std::int64_t second = comment(bob_, post, "Two");
  vote(bob_, "posts", post, 1);
  EXPECT_TRUE(has_unread(ann_, 3));
  const std::string read = "/posts/" + std::to_string(post) + "/read";
  EXPECT_EQ(ann_.put(read, object({{"comment_id", first}})).status, 204);
  EXPECT_TRUE(has_unread(ann_, 1)) << "the post itself and its comments so far";
  EXPECT_EQ(ann_.put(read, object({{"comment_id", second}})).status, 204);
  EXPECT_TRUE(has_unread(ann_, 0));
  EXPECT_EQ(all(ann_).size(), 3u);
  EXPECT_TRUE(walk(ann_, "/notifications?unread=true").empty());
}

TEST_F(Notifications, DeletingTheSubjectWithdrawsThem) {
  const std::int64_t post = write_post(ann_);
  const std::int64_t first = comment(bob_, post, "One");
  const std::int64_t second = comment(bob_, post, "Two");
  EXPECT_TRUE(sees(ann_, {named("comment", second), named("comment", first)}));
  EXPECT_EQ(bob_.del("/comments/" + std::to_string(first)).status, 204);
  EXPECT_TRUE(sees(ann_, {named("comment", second)}));
  EXPECT_EQ(unread(ann_), 1);
  EXPECT_EQ(ann_.del("/posts/" + std::to_string(post)).status, 204);
  EXPECT_TRUE(sees(ann_, {}));
  EXPECT_EQ(unread(ann_), 0);
}

TEST_F(Notifications, AreMarkedAndRemoved) {
  const std::int64_t post = write_post(ann_);
  for (int i = 0; i < 5; ++i) comment(bob_, post, std::to_string(i));
  EXPECT_TRUE(has_unread(ann_, 5));
  std::vector<std::int64_t> ids;
  for (const Json& item : all(ann_)) ids.push_back(item["id"].integer());
  const auto mark = [&](const std::string& body) { return ann_.put("/notifications/read", body).status; };
  EXPECT_EQ(mark(object({{"ids", array({ids[0], 999'999})}})), 204);
  EXPECT_EQ(unread(ann_), 4);
  EXPECT_EQ(mark(object({{"ids", array({ids[0]})}})), 204);
  EXPECT_EQ(unread(ann_), 4);
  EXPECT_EQ(mark(object({{"up_to", ids[3]}})), 204);
  EXPECT_EQ(unread(ann_), 2);
  EXPECT_EQ(walk(ann_, "/notifications?unread=true&limit=1").size(), 2u);
  EXPECT_EQ(ann_.del("/notifications/" + std::to_string(ids[1])).status, 204);
  EXPECT_EQ(unread(ann_), 1);
  EXPECT_EQ(ann_.del("/notifications/" + std::to_string(ids[1])).status, 404);
  EXPECT_EQ(bob_.del("/notifications/" + std::to_string(ids[2])).status, 404);
  EXPECT_EQ(bob_.put("/notifications/read", object({{"ids", array({ids[2]})}})).status, 204);
  EXPECT_EQ(unread(ann_), 1) << "somebody else's stay as they are";
  EXPECT_EQ(mark(R"({"all":true})"), 204);
  EXPECT_EQ(unread(ann_), 0);
  EXPECT_EQ(all(ann_).size(), 4u);

  for (const char* wrong :
       {"{}", R"({"all":false})", R"({"all":true,"up_to":3})", R"({"ids":[0]})", R"({"ids":"1"})",
        R"({"up_to":0})", R"({"up_to":null})", R"({"ids":[1],"x":2})", "[]"})
    EXPECT_EQ(mark(wrong), 422) << wrong;
  EXPECT_EQ(mark("{"), 400);
  for (const char* query : {"?limit=0", "?unread=maybe", "?cursor=x"})
    EXPECT_EQ(ann_.get(std::string("/notifications") + query).status, 422) << query;
  Client stranger = server_.client();
  for (const char* path : {"/notifications", "/notifications/unread", "/notifications/preferences"})
    EXPECT_EQ(stranger.get(path).status, 401) << path;
  EXPECT_EQ(stranger.get("//notifications").status, 200);
}

}  // namespace
}  // namespace stoa::harness
