// The parts below the hub that need no socket.
#include <gtest/gtest.h>

#include "realtime/channels.hpp"
#include "realtime/frames.hpp"
#include "realtime/outbox.hpp"
#include "realtime/presence.hpp"
#include "realtime/protocol.hpp"

namespace stoa::core::realtime {
namespace {

struct Somebody final : Subscriber {};

std::string nested(int depth) {
  std::string inner = "1";
  for (int i = 0; i < depth; ++i) inner = "[" + inner + "]";
  return R"({"op":"ping","x":)" + inner + "}";
}

TEST(Protocol, ReadsEveryOperation) {
  const auto subscribe =
      parse_client_message(R"({"id":2,"op":"subscribe","channels":["b","a","b"],"since":7})");
  ASSERT_TRUE(subscribe);
  EXPECT_EQ(subscribe->op, Op::subscribe);
  EXPECT_EQ(subscribe->id, 2);
  EXPECT_EQ(subscribe->since, 7U);
  EXPECT_EQ(subscribe->channels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(parse_client_message(R"({"op":"auth","token":"t\u0000x"})")->token, std::string("t\0x", 3));
  EXPECT_TRUE(parse_client_message(R"({"op":"idle","state":true})")->idle);
  const auto typing = parse_client_message(R"({"op":"typing","channel":"chat:5","state":"start"})");
  EXPECT_EQ(typing->op, Op::plugin);
  EXPECT_EQ(typing->name, "typing");
  EXPECT_EQ(typing->channel, "chat:5");
  EXPECT_TRUE(typing->fault.empty());
  EXPECT_FALSE(parse_client_message(R"({"op":"ping"})")->id);
}

TEST(Protocol, WhatCannotBeReadIsNothing) {
  for (const std::string_view text :
       {"", "{", "[]", "1", "null", R"({"id":1})", R"({"op":1})", R"({"op":"ping"}x)",
        R"({"op":"ping","op":"ping"})", R"({"op":"ping","x":{"a":1,"a":2}})", R"({"op":"ping",})",
        "{\"op\":\"\xff\"}", R"({"op":"ping","x":1e999})", R"({"op":"ping","x":61e308})",
        R"({"op":"\ude00"})", R"({"op":"ping","\ud66d\udc00":1})"}) {
    EXPECT_FALSE(parse_client_message(text)) << text;
  }
  EXPECT_FALSE(parse_client_message(std::string_view("{\"op\":\"ping\"}\0", 14)));
  EXPECT_TRUE(parse_client_message(nested(31)));
  EXPECT_FALSE(parse_client_message(nested(32)));
  EXPECT_FALSE(parse_client_message(std::string(60'000, '[')));
}

TEST(Protocol, WrongFieldsAreFaults) {
  for (const std::string_view text :
       {R"({"op":"dance"})", R"({"op":"typing","channel":1})", R"({"op":"auth"})",
        R"({"op":"idle","state":1})", R"({"op":"subscribe"})", R"({"op":"subscribe","channels":[]})",
        R"({"op":"subscribe","channels":[1]})", R"({"op":"subscribe","channels":[""]})",
        R"({"op":"subscribe","channels":["a"],"since":-1})",
        R"({"op":"subscribe","channels":["a"],"since":1.5})", R"({"op":"unsubscribe","channels":"a"})",
        R"({"op":"ping","id":"x"})", R"({"op":"ping","id":9007199254740992})"}) {
    const auto message = parse_client_message(text);
    ASSERT_TRUE(message) << text;
    EXPECT_FALSE(message->fault.empty()) << text;
  }
  EXPECT_EQ(parse_client_message(R"({"id":4,"op":"dance"})")->id, 4);
}

TEST(Frames, EscapeAndFormat) {
  const Event event{.seq = 9,
                    .time_ms = 1'795'341'468'608,
                    .owner = "posts",
                    .type = "posts.post.created",
                    .subject = {},
                    .channels = {"a\"\n"},
                    .data = R"({"x":1})"};
  const std::string_view channels[] = {event.channels[0]};
  EXPECT_EQ(event_frame(event, channels, true),
            R"({"op":"event","seq":9,"channels":["a\"\u000a"],"type":"posts.post.created",)"
            R"("time":"2026-11-22T09:57:48.608Z","replay":true,"data":{"x":1}})");
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(rfc3339(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(ok_frame(std::nullopt, 3), R"({"op":"ok","seq":3})");
}

TEST(Channels, AudienceListsEachOnceWithItsChannels) {
  Channels channels;
  Somebody both;
  Somebody twin;
  Somebody first;
  Somebody late;
  for (Somebody* who : {&both, &twin}) {
    channels.join(*who, "b");
    channels.join(*who, "a");
  }
  channels.join(first, "a");
  channels.join(late, "b").live_from = 5;
  const Event event{.seq = 5,
                    .time_ms = 0,
                    .owner = {},
                    .type = {},
                    .subject = {},
                    .channels = {"a", "b", "a", "c"},
                    .data = {}};
  Audience audience;
  audience.assign(channels, event);
  std::map<const Subscriber*, std::vector<std::string_view>> got;
  std::map<const Subscriber*, std::uint32_t> sets;
  for (const auto& [subscriber, set] : audience.targets()) {
    const auto names = audience.channels_of(set);
    EXPECT_TRUE(got.emplace(subscriber, std::vector(names.begin(), names.end())).second);
    sets[subscriber] = set;
  }
  EXPECT_EQ(got.size(), 3U);
  EXPECT_EQ(got[&both], (std::vector<std::string_view>{"a", "b"}));
  EXPECT_EQ(sets[&both], sets[&twin]);
  EXPECT_EQ(got[&first], (std::vector<std::string_view>{"a"}));
  for (Somebody* who : {&both, &twin, &first, &late}) {
    while (!who->memberships().empty()) channels.leave(*who->memberships().front());
  }
  EXPECT_EQ(channels.size(), 0U);
}

TEST(Outbox, DropsEphemeralAndSplitsFrames) {
  Outbox outbox;
  const auto text = [](std::size_t size) { return std::make_shared<const std::string>(size, 'x'); };
  outbox.push(text(10), Weight::counted);
  outbox.push(text(20), Weight::ephemeral);
  outbox.push(text(40), Weight::replayed);
  EXPECT_EQ(outbox.messages(), 2U);
  EXPECT_EQ(outbox.bytes(), 30U);
  outbox.drop_ephemeral();
  EXPECT_EQ(outbox.bytes(), 10U);
  EXPECT_EQ(outbox.take().size(), 2U);
  EXPECT_EQ(outbox.messages(), 0U);
  for (int i = 0; i < 3; ++i) outbox.push(text(40'000), Weight::counted);
  EXPECT_EQ(outbox.take().size(), 1U);
  outbox.push(text(100'000), Weight::counted);
  EXPECT_EQ(outbox.take().size(), 1U);
  EXPECT_EQ(outbox.take().size(), 1U);
  EXPECT_EQ(outbox.take().size(), 1U);
  EXPECT_TRUE(outbox.empty());
}

TEST(Presence, FollowsConnectionsIdlenessAndGrace) {
  using std::chrono::milliseconds;
  std::vector<Presence> changes;
  PresenceBook book(milliseconds(100), [&](std::int64_t, Presence presence) { changes.push_back(presence); });
  const auto now = std::chrono::steady_clock::now();
  book.arrived(1);
  book.arrived(1);
  book.idle_changed(1, true);
  EXPECT_EQ(book.presence(1), Presence::online);
  book.gone(1, false, now);
  EXPECT_EQ(book.presence(1), Presence::away);
  book.gone(1, true, now);
  book.expire(now + milliseconds(99));
  EXPECT_EQ(book.presence(1), Presence::away);
  book.arrived(1);
  EXPECT_EQ(book.presence(1), Presence::online);
  book.gone(1, false, now + milliseconds(50));
  book.expire(now + milliseconds(120));
  EXPECT_EQ(book.presence(1), Presence::online);
  EXPECT_EQ(book.take_changes(), (PresenceChanges{{1, Presence::online}}));
  book.expire(now + milliseconds(150));
  EXPECT_EQ(book.presence(1), Presence::offline);
  EXPECT_FALSE(book.next_expiry());
  EXPECT_EQ(changes, (std::vector{Presence::online, Presence::away, Presence::online, Presence::offline}));
  book.arrived(1);
  book.gone(1, false, now);
  book.expire(now + milliseconds(200));
  EXPECT_EQ(book.take_changes(), (PresenceChanges{{1, Presence::offline}}));
  EXPECT_TRUE(book.take_changes().empty());
}

}  // namespace
}  // namespace stoa::core::realtime
