#include "http/cache.hpp"

#include <gtest/gtest.h>

#include <string>

namespace stoa::core::http {
namespace {

const Fields kFields{{"Content-Type", "application/json"}};

CachedAnswerPtr answer(std::size_t size) {
  auto made = std::make_shared<CachedAnswer>();
  made->fields = kFields;
  made->is_worth_encoding = true;
  made->representations[0] = represent(kFields, std::make_shared<const std::string>(std::string(size, 'x')),
                                       Coding::identity, Effort::quick);
  return made;
}

Representation other(const CachedAnswer& of, Coding coding) {
  return represent(of.fields, of.representations[0].body, coding, Effort::thorough);
}

const Representation& held(const CachedAnswerPtr& answer, Coding coding) {
  return answer->representations[static_cast<std::size_t>(coding)];
}

TEST(Cache, KeepsAnAnswerUntilOneOfItsTagsIsDropped) {
  Cache cache(1 << 20);
  const auto stamp = cache.stamp();
  EXPECT_TRUE(cache.fill("/a", answer(100), {"one", "two"}, stamp));
  EXPECT_TRUE(cache.fill("/b", answer(100), {"two"}, stamp));
  EXPECT_TRUE(cache.find("/a"));
  cache.drop({"one"});
  EXPECT_FALSE(cache.find("/a"));
  EXPECT_TRUE(cache.find("/b"));
  EXPECT_FALSE(cache.fill("/a", answer(100), {"one"}, stamp)) << "made before the drop";
  EXPECT_TRUE(cache.fill("/a", answer(100), {"one"}, cache.stamp()));
  cache.clear();
  EXPECT_FALSE(cache.find("/b"));
  EXPECT_EQ(cache.stats().entries, 0u);
  EXPECT_EQ(cache.stats().bytes, 0u);
}

TEST(Cache, GivesEachCodingToOneToMake) {
  Cache cache(1 << 20);
  const auto plain = answer(5'000);
  ASSERT_TRUE(cache.fill("/a", plain, {"tag"}, cache.stamp()));
  const auto before = cache.stats().bytes;
  EXPECT_EQ(&plain->in(Coding::gzip), &plain->representations[0]);
  EXPECT_TRUE(cache.claim("/a", *plain, Coding::gzip));
  EXPECT_FALSE(cache.claim("/a", *plain, Coding::gzip));
  EXPECT_TRUE(cache.claim("/a", *plain, Coding::brotli));

  // Both were claimed of the same answer, and both stay.
  const auto gzip = other(*plain, Coding::gzip), brotli = other(*plain, Coding::brotli);
  cache.add("/a", *plain, Coding::gzip, gzip);
  cache.add("/a", *plain, Coding::brotli, brotli);
  const auto full = cache.find("/a");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->in(Coding::gzip).etag, gzip.etag);
  EXPECT_EQ(full->in(Coding::brotli).etag, brotli.etag);
  EXPECT_EQ(full->in(Coding::identity).etag, plain->in(Coding::identity).etag);
  EXPECT_FALSE(held(plain, Coding::gzip).body) << "what was given out before is not changed";
  EXPECT_FALSE(cache.claim("/a", *full, Coding::gzip));
  EXPECT_GE(cache.stats().bytes, before + gzip.body->size() + brotli.body->size());
  cache.drop({"tag"});
  EXPECT_EQ(cache.stats().bytes, 0u);
}

TEST(Cache, KeepsTheCodingsOfWhatIsFilledAgain) {
  Cache cache(1 << 20);
  const auto plain = answer(5'000);
  ASSERT_TRUE(cache.fill("/a", plain, {"tag"}, cache.stamp()));
  cache.add("/a", *plain, Coding::gzip, other(*plain, Coding::gzip));
  EXPECT_TRUE(cache.fill("/a", answer(5'000), {"tag", "tag"}, cache.stamp()));
  EXPECT_TRUE(held(cache.find("/a"), Coding::gzip).body);
  EXPECT_TRUE(cache.fill("/a", answer(5'000), {"tag", "another"}, cache.stamp()));
  EXPECT_FALSE(held(cache.find("/a"), Coding::gzip).body);
  cache.drop({"another"});
  EXPECT_FALSE(cache.find("/a"));
}

TEST(Cache, TakesNoCodingOfAnAnswerThatWasReplaced) {
  Cache cache(1 << 20);
  const auto old = answer(5'000);
  ASSERT_TRUE(cache.fill("/a", old, {"tag"}, cache.stamp()));
  ASSERT_TRUE(cache.claim("/a", *old, Coding::gzip));
  cache.drop({"tag"});
  cache.add("/a", *old, Coding::gzip, other(*old, Coding::gzip));
  EXPECT_FALSE(cache.find("/a"));
  const auto fresh = answer(6'000);
  ASSERT_TRUE(cache.fill("/a", fresh, {"tag"}, cache.stamp()));
  cache.add("/a", *old, Coding::gzip, other(*old, Coding::gzip));
  EXPECT_FALSE(held(cache.find("/a"), Coding::gzip).body);
  EXPECT_FALSE(cache.claim("/a", *old, Coding::brotli));
  EXPECT_TRUE(cache.claim("/a", *fresh, Coding::gzip)) << "for the new one it is still to be made";
}

TEST(Cache, StaysWithinItsBytesWithAllCodings) {
  constexpr std::size_t kMost = 64 * 1024;
  Cache cache(kMost);
  for (int i = 0; i < 100; ++i) {
    const std::string key = "/" + std::to_string(i);
    const auto one = answer(3'000);
    ASSERT_TRUE(cache.fill(key, one, {}, cache.stamp()));
    for (const Coding coding : {Coding::gzip, Coding::brotli}) {
      if (cache.claim(key, *one, coding)) cache.add(key, *one, coding, other(*one, coding));
      EXPECT_TRUE(held(cache.find(key), coding).body);
      EXPECT_LE(cache.stats().bytes, kMost);
    }
  }
  EXPECT_FALSE(cache.find("/0"));
  EXPECT_TRUE(cache.find("/99"));
  EXPECT_FALSE(cache.fill("/large", answer(kMost / 8), {}, cache.stamp()));
}

}  // namespace
}  // namespace stoa::core::http
