#include "secrets.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

namespace stoa::auth {
namespace {

namespace fs = std::filesystem;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    start_crypto();
    std::string name = (fs::temp_directory_path() / "stoa-key-XXXXXX").string();
    directory_ = ::mkdtemp(name.data());
  }
  ~KeyFile() override { fs::remove_all(directory_); }
  fs::path keys() const { return directory_ / "keys"; }
  static unsigned mode(const fs::path& path) {
    struct stat facts {};
    ::stat(path.c_str(), &facts);
    return facts.st_mode & 0777;
  }
  fs::path directory_;
};

TEST_F(KeyFile, StaysTheSame) {
  const auto first = load_or_create_key(keys(), "a.key");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->size(), kKeyBytes);
  EXPECT_EQ(*load_or_create_key(keys(), "a.key"), *first);
  EXPECT_NE(*load_or_create_key(keys(), "b.key"), *first);
  EXPECT_EQ(mode(keys()), 0700u);
  EXPECT_EQ(mode(keys() / "a.key"), 0600u);
  EXPECT_EQ(std::distance(fs::directory_iterator(keys()), {}), 2) << "no drafts are left";
}

TEST_F(KeyFile, RefusesOtherFiles) {
  ASSERT_TRUE(load_or_create_key(keys(), "a.key"));
  std::ofstream(keys() / "short.key") << "abc";
  EXPECT_FALSE(load_or_create_key(keys(), "short.key"));
  fs::create_directory(keys() / "folder.key");
  EXPECT_FALSE(load_or_create_key(keys(), "folder.key"));
  fs::create_symlink(keys() / "a.key", keys() / "link.key");
  EXPECT_FALSE(load_or_create_key(keys(), "link.key"));
}

TEST_F(KeyFile, ClosesItToOthers) {
  ASSERT_TRUE(load_or_create_key(keys(), "a.key"));
  fs::permissions(keys() / "a.key", fs::perms(0644));
  ASSERT_TRUE(load_or_create_key(keys(), "a.key"));
  EXPECT_EQ(mode(keys() / "a.key"), 0600u);
}

TEST_F(KeyFile, ManyAtOnceAgree) {
  std::vector<std::string> found(8);
  std::vector<std::thread> threads;
  for (std::string& key : found)
    threads.emplace_back([&] { key = load_or_create_key(keys(), "a.key").value(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), 1u);
}

TEST(RefreshTokens, SurviveTheirText) {
  start_crypto();
  const std::string sid = "00112233445566778899aabbccddeeff";
  const RefreshToken token = make_refresh_token(sid, std::string(32, '\x07'));
  const auto read = read_refresh_token(token.text);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sid, sid);
  EXPECT_EQ(read->text, token.text);
}

TEST(RefreshTokens, SuccessorsAreSteadyAndSecret) {
  start_crypto();
  const RefreshToken token = make_refresh_token("00112233445566778899aabbccddeeff", std::string(32, '\x07'));
  const std::string key(32, 'k');
  EXPECT_EQ(successor_of(token, key).text, successor_of(token, key).text);
  EXPECT_EQ(successor_of(token, key).sid, token.sid);
  EXPECT_NE(successor_of(token, key).text, token.text);
  EXPECT_NE(successor_of(token, key).text, successor_of(token, std::string(32, 'x')).text);
}

TEST(RefreshTokens, RefusesOtherTexts) {
  start_crypto();
  const std::string good =
      make_refresh_token("00112233445566778899aabbccddeeff", std::string(32, '\x07')).text;
  for (const std::string& bad : {std::string(), std::string("x"), good + "A", good.substr(1), good + "=",
                                 std::string(64, '!'), std::string(64, ' '), std::string(100'000, 'A')})
    EXPECT_FALSE(read_refresh_token(bad));
}

TEST(TokenHash, IsNotTheToken) {
  start_crypto();
  EXPECT_EQ(token_hash("a").size(), 64u);
  EXPECT_EQ(token_hash("a"), token_hash("a"));
  EXPECT_NE(token_hash("a"), token_hash("b"));
  EXPECT_TRUE(same_secret("abc", "abc"));
  EXPECT_FALSE(same_secret("abc", "abd"));
  EXPECT_FALSE(same_secret("abc", "ab"));
}

}  // namespace
}  // namespace stoa::auth
