#include "crash/history.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

namespace stoa::core::crash {
namespace {

constexpr std::int64_t kMinute = 60'000;

class HistoryTest : public ::testing::Test {
 protected:
  HistoryTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stoa-crash-XXXXXX").string();
    directory_ = ::mkdtemp(pattern.data());
  }
  ~HistoryTest() override { std::filesystem::remove_all(directory_); }

  // What a run that ends with a crash does; the history as the next one sees it.
  History crash(const std::string& plugin, std::int64_t minute) {
    std::ofstream(History::record_path(directory_)) << plugin << "\nGET /a\tb\nSIGSEGV\n";
    History history(directory_);
    EXPECT_TRUE(history.take(minute * kMinute));
    EXPECT_FALSE(history.take(minute * kMinute)) << "counted once";
    return history;
  }

  std::filesystem::path directory_;
};

TEST_F(HistoryTest, ThreeWithinAnHourQuarantine) {
  EXPECT_TRUE(crash("a1", 0).quarantined().empty());
  EXPECT_TRUE(crash("b2", 1).quarantined().empty());
  EXPECT_TRUE(crash("a1", 59).quarantined().empty());
  EXPECT_TRUE(crash("a1", 61).quarantined().empty()) << "the first is an hour ago";
  const auto third = crash("a1", 62);
  ASSERT_EQ(third.quarantined().count("a1"), 1u);
  EXPECT_NE(third.quarantined().at("a1").find("GET /a b (SIGSEGV)"), std::string::npos);
  EXPECT_EQ(History(directory_).quarantined().size(), 1u) << "it is kept";
}

TEST_F(HistoryTest, ResettingForgets) {
  for (int minute = 0; minute < 3; ++minute) crash("a1", minute);
  History history(directory_);
  EXPECT_FALSE(history.reset("b2"));
  ASSERT_TRUE(history.reset("a1"));
  EXPECT_TRUE(history.quarantined().empty());
  EXPECT_TRUE(History(directory_).quarantined().empty());
  EXPECT_TRUE(crash("a1", 3).quarantined().empty());
}

TEST_F(HistoryTest, WhatNobodyCausedIsNotedOnly) {
  for (int minute = 0; minute < 5; ++minute) EXPECT_TRUE(crash("", minute).quarantined().empty());
}

TEST_F(HistoryTest, ABrokenFileIsNoHindrance) {
  std::ofstream(directory_ / "crashes")
      << "nonsense\n\t\t\t\n99999999999999999999\t1\ta1\tx\ty\n5\t0\ta1\tx\ty\n";
  EXPECT_TRUE(History(directory_).quarantined().empty());
}

}  // namespace
}  // namespace stoa::core::crash
