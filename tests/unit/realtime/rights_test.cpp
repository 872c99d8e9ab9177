// Rights that end: revoked, withdrawn, sessions ended, users asked about again.
#include "backend.hpp"

namespace stoa::core::realtime::testing {
namespace {

using Rights = HubTest;

TEST_F(Rights, RevokedBeforeAnEventMeansNotDelivered) {
  start();
  Client one = subscriber(member(1), "chat:5");
  Client other = subscriber(member(2), "chat:5");
  for (int i = 0; i < 50; ++i) {
    hub->revoke("chat:5", 1);
    const auto seq = backend.emit({"chat:5"});
    EXPECT_EQ(other.next().seq(), seq);
    const Message gone = one.next();
    EXPECT_EQ(gone.op(), "unsubscribed");
    EXPECT_EQ(gone.text("reason"), "forbidden");
    EXPECT_EQ(gone.channels(), std::vector<std::string>{"chat:5"});
    EXPECT_TRUE(one.quiet());
    one.send(R"({"id":2,"op":"subscribe","channels":["chat:5"]})");
    EXPECT_EQ(one.next().op(), "ok");
  }
}

TEST_F(Rights, AnAuthorisationFromBeforeTheRevocationDoesNotCount) {
  start();
  Client open = client(1);
  backend.hold(FakeBackend::kAuthorize);
  open.send(R"({"id":1,"op":"subscribe","channels":["chat:5","posts"]})");
  backend.await_held(FakeBackend::kAuthorize, 1);
  backend.set_verdict("chat:5", Verdict::not_found);
  hub->revoke("chat:5", 1);
  backend.release(FakeBackend::kAuthorize);
  EXPECT_EQ(open.next().problem(), "not-found");
  backend.emit({"chat:5", "posts"});
  EXPECT_TRUE(open.quiet());
}

TEST_F(Rights, WithdrawTakesEverythingUnderThePrefix) {
  start();
  Client chatter = client(1);
  chatter.send(R"({"id":1,"op":"subscribe","channels":["chat:1","chat:2","posts"]})");
  EXPECT_EQ(chatter.next().op(), "ok");
  Client reader = subscriber(member(2), "posts");
  hub->withdraw("chat:", "plugin-disabled");
  const Message gone = chatter.next();
  EXPECT_EQ(gone.op(), "unsubscribed");
  EXPECT_EQ(gone.text("reason"), "plugin-disabled");
  auto channels = gone.channels();
  std::sort(channels.begin(), channels.end());
  EXPECT_EQ(channels, (std::vector<std::string>{"chat:1", "chat:2"}));
  const auto seq = backend.emit({"chat:1", "posts"});
  EXPECT_EQ(chatter.next().channels(), std::vector<std::string>{"posts"});
  EXPECT_EQ(reader.next().seq(), seq);
  chatter.send(R"({"op":"typing","channel":"chat:1"})");
  EXPECT_EQ(chatter.next().problem(), "forbidden");
  hub->withdraw("posts", "plugin-disabled");
  EXPECT_EQ(reader.next().op(), "unsubscribed");
  hub->withdraw("", "plugin-disabled");
  EXPECT_TRUE(reader.quiet());
  backend.emit({"system"});
  EXPECT_EQ(reader.next().op(), "event");
}

TEST_F(Rights, AnAuthorisationFromBeforeTheWithdrawalDoesNotCount) {
  start();
  Client open = client(1);
  backend.hold(FakeBackend::kAuthorize);
  open.send(R"({"id":1,"op":"subscribe","channels":["chat:5"]})");
  backend.await_held(FakeBackend::kAuthorize, 1);
  backend.set_verdict("chat:5", Verdict::plugin_disabled);
  hub->withdraw("chat:", "plugin-disabled");
  backend.release(FakeBackend::kAuthorize);
  EXPECT_EQ(open.next().problem(), "plugin-disabled");
}

TEST_F(Rights, EndedSessionsAreClosedWith4401) {
  start();
  Client one = client(1);
  Client again = client(1);
  Client other = client(2);
  hub->end_session("session1");
  EXPECT_EQ(one.close_code(), 4401);
  EXPECT_EQ(again.close_code(), 4401);
  EXPECT_TRUE(other.quiet());
}

TEST_F(Rights, SessionsThatEndedMeanwhileDoNotOpen) {
  backend.tokens["good"] = member(1);
  start();
  Client open = client();
  backend.hold(FakeBackend::kAuthenticate);
  open.send(R"({"id":1,"op":"auth","token":"good"})");
  backend.await_held(FakeBackend::kAuthenticate, 1);
  hub->end_session("session1");
  backend.release(FakeBackend::kAuthenticate);
  EXPECT_EQ(open.next().problem(), "unauthenticated");
  Client late(*hub, member(1));
  EXPECT_EQ(late.close_code(), 4401);
}

TEST_F(Rights, RecheckTakesWhatWasLost) {
  start();
  Client open = client(1);
  open.send(R"({"id":1,"op":"subscribe","channels":["a","b","c"]})");
  EXPECT_EQ(open.next().op(), "ok");
  hub->recheck_user(1);
  EXPECT_TRUE(open.quiet());
  backend.set_verdict("a", Verdict::forbidden);
  backend.set_verdict("c", Verdict::not_found);
  hub->recheck_user(1);
  const Message gone = open.next();
  EXPECT_EQ(gone.op(), "unsubscribed");
  EXPECT_EQ(gone.text("reason"), "forbidden");
  EXPECT_EQ(gone.channels(), (std::vector<std::string>{"a", "c"}));
  backend.emit({"a", "b"});
  EXPECT_EQ(open.next().channels(), std::vector<std::string>{"b"});
}

TEST_F(Rights, RecheckDoubtsAuthorisationsUnderWay) {
  start();
  Client open = client(1);
  backend.hold(FakeBackend::kAuthorize);
  open.send(R"({"id":1,"op":"subscribe","channels":["a"]})");
  backend.await_held(FakeBackend::kAuthorize, 1);
  backend.set_verdict("a", Verdict::forbidden);
  hub->recheck_user(1);
  backend.release(FakeBackend::kAuthorize);
  EXPECT_EQ(open.next().problem(), "forbidden");
}

TEST_F(Rights, RevokedDuringAReplayMeansNoMoreOfIt) {
  for (int i = 0; i < 10; ++i) backend.append({"chat:5"});
  start();
  Client open = client(1);
  backend.hold(FakeBackend::kReplay);
  open.send(R"({"id":1,"op":"subscribe","channels":["chat:5"],"since":0})");
  backend.await_held(FakeBackend::kReplay, 1);
  hub->revoke("chat:5", 1);
  backend.emit({"chat:5"});
  backend.release(FakeBackend::kReplay);
  EXPECT_EQ(open.next().op(), "unsubscribed");
  EXPECT_EQ(open.next().op(), "ok");
  EXPECT_TRUE(open.quiet());
}

}  // namespace
}  // namespace stoa::core::realtime::testing
