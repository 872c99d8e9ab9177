#include "plugins/health.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <filesystem>
#include <stdexcept>
#include <thread>

#include "plugins/boundary.hpp"

namespace stoa::core::plugins {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr seconds kPatience{20};

// What the plugin says, and whether it says anything at all.
struct Patient {
  std::atomic<bool> sick{false}, throws{false}, hangs{false};
};

stoa_status health(void* self, const stoa_sink* detail) {
  auto& patient = *static_cast<Patient*>(self);
  while (patient.hangs) std::this_thread::sleep_for(milliseconds(2));
  if (patient.throws) throw std::runtime_error("ouch");
  if (!patient.sick) return STOA_OK;
  detail->write(detail->self, str(std::string(600, 'x') + "\xc3\xa4"));
  return STOA_E_UNAVAILABLE;
}

class HealthTest : public ::testing::Test {
 protected:
  HealthTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "stoa-health-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    storage::DatabaseOptions options;
    options.path = (directory_ / "stoa.db").string();
    database_ = std::move(*storage::Database::open(std::move(options)));
    engine_ = std::make_unique<jobs::Engine>(jobs::Options{}, *database_);
    health_ = std::make_unique<Health>(
        *engine_, HealthOptions{.interval = milliseconds(10), .limit = milliseconds(200)});
    desc_.size = sizeof desc_;
    desc_.health = &health;
    Binary binary;
    binary.manifest.id = "polls";
    generation_ = std::make_shared<Generation>(parts_, std::move(binary));
    generation_->desc = &desc_;
    generation_->self = &patient_;
  }
  ~HealthTest() override {
    health_.reset();
    engine_->stop(kPatience);
    database_->close();
    engine_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  bool becomes(bool ok) {
    const auto until = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < until) {
      if (const auto state = health_->of("polls"); state && state->ok == ok) return true;
      std::this_thread::sleep_for(milliseconds(2));
    }
    return false;
  }

  std::filesystem::path directory_;
  std::unique_ptr<storage::Database> database_;
  std::unique_ptr<jobs::Engine> engine_;
  std::unique_ptr<Health> health_;
  HostParts parts_;
  stoa_plugin_desc desc_{};
  Patient patient_;
  GenerationPtr generation_;
};

TEST_F(HealthTest, ItIsAskedAgainAndAgain) {
  EXPECT_EQ(health_->of("polls"), std::nullopt);
  health_->watch(generation_);
  EXPECT_TRUE(becomes(true));
  patient_.sick = true;
  ASSERT_TRUE(becomes(false));
  // Cut within the bound, and still a text.
  EXPECT_EQ(health_->of("polls")->detail, std::string(500, 'x'));
  patient_.sick = false;
  EXPECT_TRUE(becomes(true));
  EXPECT_TRUE(health_->forget(*generation_, kPatience));
  EXPECT_EQ(health_->of("polls"), std::nullopt);
}

TEST_F(HealthTest, WhatItThrowsIsNotWell) {
  patient_.throws = true;
  health_->watch(generation_);
  ASSERT_TRUE(becomes(false));
  EXPECT_THAT(health_->of("polls")->detail, HasSubstr("ouch"));
}

TEST_F(HealthTest, OneThatDoesNotAnswerIsNotWellAndIsWaitedFor) {
  patient_.hangs = true;
  health_->watch(generation_);
  ASSERT_TRUE(becomes(false));
  EXPECT_EQ(health_->of("polls")->detail, "It does not answer.");
  EXPECT_FALSE(health_->forget(*generation_, milliseconds(20)));
  patient_.hangs = false;
  EXPECT_TRUE(health_->forget(*generation_, kPatience));
}

}  // namespace
}  // namespace stoa::core::plugins
