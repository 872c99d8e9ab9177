#include "directory.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "access_tokens.hpp"
#include "identity_provider.hpp"
#include "password_pool.hpp"
#include "secrets.hpp"
#include "stoa/host.hpp"

namespace stoa::auth {
namespace {

constexpr std::int64_t kNow = 1'000'000;

Member member(std::int64_t id, std::string nickname, Role role = Role::member) {
  return {UserId{id}, role, std::nullopt, std::move(nickname), "", 5};
}

LiveSessionPtr session(std::int64_t id, std::string sid, std::int64_t user,
                       std::int64_t expires = 2'000'000) {
  return std::make_shared<LiveSession>(SessionId{id}, std::move(sid), UserId{user}, kNow, expires);
}

TEST(Directory, KnowsWhoIsPresent) {
  Directory directory;
  directory.put(member(1, "Ann"));
  directory.put(member(2, "Bob"));
  directory.put(session(1, "s1", 1));
  EXPECT_TRUE(directory.present(UserId{1}, "s1", kNow));
  EXPECT_FALSE(directory.present(UserId{2}, "s1", kNow)) << "somebody else's session";
  EXPECT_FALSE(directory.present(UserId{1}, "s2", kNow));
  EXPECT_FALSE(directory.present(UserId{1}, "s1", 2'000'000)) << "expired";
  Member suspended = member(1, "Ann");
  suspended.suspended_until = kNow + 10;
  directory.put(suspended);
  EXPECT_FALSE(directory.present(UserId{1}, "s1", kNow));
  EXPECT_TRUE(directory.present(UserId{1}, "s1", kNow + 10)) << "the suspension is over";
  directory.end("s1");
  EXPECT_FALSE(directory.present(UserId{1}, "s1", kNow + 10));
}

TEST(Directory, FindsAndListsIgnoringCase) {
  Directory directory;
  directory.put(member(1, "bob"));
  directory.put(member(2, "Ann"));
  directory.put(member(3, "Carl"));
  Member gone = member(4, "away");
  gone.suspended_until = kNow + 10;
  directory.put(gone);
  EXPECT_EQ(directory.find("ANN")->id.value, 2);
  EXPECT_EQ(directory.find("nobody"), nullptr);
  EXPECT_EQ(directory.find(UserId{9}), nullptr);
  const auto all = directory.list("", 10, kNow);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0]->nickname, "Ann");
  EXPECT_EQ(all[2]->nickname, "Carl");
  ASSERT_EQ(directory.list("ANN", 1, kNow).size(), 1u);
  EXPECT_EQ(directory.list("ANN", 1, kNow)[0]->nickname, "bob");
}

TEST(Directory, NotesUseToTheMinute) {
  Directory directory;
  directory.put(member(1, "ann"));
  directory.put(session(1, "s1", 1));
  directory.present(UserId{1}, "s1", kNow + 59'999);
  EXPECT_TRUE(directory.take_touched(10).empty());
  directory.present(UserId{1}, "s1", kNow + 60'000);
  directory.present(UserId{1}, "s1", kNow + 60'001);
  EXPECT_EQ(directory.take_touched(10).size(), 1u);
  EXPECT_TRUE(directory.take_touched(10).empty());
  EXPECT_EQ(directory.session("s1")->last_used_at, kNow + 60'000);
}

TEST(Directory, ResetKeepsWhatMemoryKnows) {
  Directory directory;
  directory.put(member(1, "ann"));
  directory.put(session(1, "s1", 1));
  directory.put(session(2, "s2", 1));
  directory.present(UserId{1}, "s1", kNow + 70'000);
  directory.reset({member(1, "ann"), member(2, "bob")}, {session(1, "s1", 1), session(3, "s3", 2)});
  EXPECT_EQ(directory.session("s1")->last_used_at, kNow + 70'000);
  EXPECT_EQ(directory.session("s2"), nullptr);
  EXPECT_TRUE(directory.present(UserId{2}, "s3", kNow));
}

TEST(Directory, ManyThreads) {
  Directory directory;
  for (int i = 1; i <= 100; ++i) {
    directory.put(member(i, "user" + std::to_string(i)));
    directory.put(session(i, "s" + std::to_string(i), i));
  }
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 1; i <= 2'000; ++i) {
        const int n = i % 100 + 1;
        directory.present(UserId{n}, "s" + std::to_string(n), kNow + i * 100);
        directory.list("user5", 5, kNow);
        if (t == 0) directory.put(member(n, "user" + std::to_string(n), Role::moderator));
        if (t == 1) directory.take_touched(10);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(directory.find(UserId{50})->role, Role::moderator);
}

TEST(IdentityProvider, AuthenticatesByToken) {
  start_crypto();
  Directory directory;
  directory.put(member(7, "Ann", Role::admin));
  const std::int64_t now = std::chrono::duration_cast<std::chrono::milliseconds>(
                               std::chrono::system_clock::now().time_since_epoch())
                               .count();
  directory.put(session(1, "s1", 7, now + 1'000'000));
  IdentityProvider provider(directory, [now] { return now; });
  const stoa_identity_v1& table = provider.table();
  const AccessTokens tokens(std::string(32, 'k'));
  const std::string token = tokens.issue(UserId{7}, "s1", now, 900);
  std::string seen;
  const auto accept = [](void* out, const stoa_principal* who) {
    *static_cast<std::string*>(out) = std::string(detail::view(who->nickname)) + std::to_string(who->role);
  };
  EXPECT_EQ(table.authenticate(table.self, detail::str(token), &seen, accept), STOA_E_UNAUTHENTICATED)
      << "before the start";
  provider.set_tokens(&tokens);
  EXPECT_EQ(table.authenticate(table.self, detail::str(token), &seen, accept), STOA_OK);
  EXPECT_EQ(seen, "Ann3");
  EXPECT_EQ(table.authenticate(table.self, detail::str("nonsense"), &seen, accept), STOA_E_UNAUTHENTICATED);
  directory.end("s1");
  EXPECT_EQ(table.authenticate(table.self, detail::str(token), &seen, accept), STOA_E_UNAUTHENTICATED);
}

TEST(PasswordPool, RunsTwoAtOnceAndRefusesTooMany) {
  PasswordPool pool;
  EXPECT_FALSE(pool.submit([] {})) << "not started";
  pool.start();
  std::mutex mutex;
  std::condition_variable changed;
  int running = 0;
  int most = 0;
  bool open = false;
  const auto job = [&] {
    std::unique_lock lock(mutex);
    most = std::max(most, ++running);
    changed.notify_all();
    changed.wait(lock, [&] { return open; });
    --running;
  };
  ASSERT_TRUE(pool.submit(job));
  ASSERT_TRUE(pool.submit(job));
  {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return running == 2; });
  }
  for (std::size_t i = 0; i < PasswordPool::kMostWaiting; ++i) EXPECT_TRUE(pool.submit(job));
  EXPECT_FALSE(pool.submit(job));
  {
    std::lock_guard lock(mutex);
    open = true;
  }
  changed.notify_all();
  pool.stop();
  EXPECT_EQ(most, 2);
  EXPECT_FALSE(pool.submit(job)) << "stopped";
}

}  // namespace
}  // namespace stoa::auth
