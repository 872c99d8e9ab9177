#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

namespace stoa::core::metrics {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Description counter(std::string name, std::vector<std::string> labels = {}) {
  return {.kind = Kind::counter, .name = std::move(name), .help = "Counts.", .labels = std::move(labels)};
}

TEST(Registry, WritesEachKindAsPrometheusReadsIt) {
  Registry registry;
  registry.add(counter("a_total")).at({}).add(3);
  registry.add({.kind = Kind::gauge, .name = "b", .help = "Back\\slash\nand line.", .labels = {"of"}})
      .at({"a \"quoted\"\nback\\slash"})
      .set(-1.5);
  Family& seconds =
      registry.add({.kind = Kind::histogram, .name = "c_seconds", .help = "Takes.", .bounds = {0.1, 1}});
  for (const double value : {0.05, 0.1, 0.5, 7.0}) seconds.observe({}, value);
  registry.add_source(
      [](Text& text) { text.single("d", Kind::gauge, "Endless.", std::numeric_limits<double>::infinity()); });
  EXPECT_EQ(
      registry.text(),
      "# HELP a_total Counts.\n# TYPE a_total counter\na_total 3\n"
      "# HELP b Back\\\\slash\\nand line.\n# TYPE b gauge\nb{of=\"a \\\"quoted\\\"\\nback\\\\slash\"} -1.5\n"
      "# HELP c_seconds Takes.\n# TYPE c_seconds histogram\n"
      "c_seconds_bucket{le=\"0.1\"} 2\nc_seconds_bucket{le=\"1\"} 3\nc_seconds_bucket{le=\"+Inf\"} 4\n"
      "c_seconds_sum 7.65\nc_seconds_count 4\n"
      "# HELP d Endless.\n# TYPE d gauge\nd +Inf\n");
}

TEST(Family, BeyondItsBoundCombinationsAreOthers) {
  Registry registry;
  Family& family = registry.add(counter("a_total", {"x", "y"}));
  for (int i = 0; i < 150; ++i) family.at({std::to_string(i), "1"}).add();
  family.at({"3", "1"}).add();
  const std::string text = registry.text();
  EXPECT_THAT(text, HasSubstr("a_total{x=\"other\",y=\"other\"} 50\n"));
  EXPECT_THAT(text, HasSubstr("a_total{x=\"3\",y=\"1\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("a_total{x=\"99\",y=\"1\"} 1\n"));
  EXPECT_THAT(text, Not(HasSubstr("x=\"100\"")));
}

TEST(Family, CountsEverythingFromManyThreads) {
  Family family(counter("a_total", {"x"}));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 10'000; ++i) family.at({std::to_string(i % 90)}).add();
    });
  }
  for (std::thread& thread : threads) thread.join();
  double all = 0;
  for (int i = 0; i < 90; ++i) all += family.at({std::to_string(i)}).value();
  EXPECT_EQ(all, 40'000);
}

TEST(Registry, AnUpgradeGoesOnAndAReturnBeginsAnew) {
  Registry registry;
  const Families first{registry.make(counter("stoa_x_a_total"))};
  EXPECT_EQ(registry.text(), "");
  registry.show(first);
  first[0]->at({}).add(5);

  const Families second{registry.make(counter("stoa_x_a_total"))};
  registry.show(second);
  second[0]->at({}).add(2);
  registry.hide(first);
  EXPECT_THAT(registry.text(), HasSubstr("stoa_x_a_total 7\n"));

  registry.hide(second);
  EXPECT_EQ(registry.text(), "");
  const Families third{registry.make(counter("stoa_x_a_total"))};
  registry.show(third);
  EXPECT_THAT(registry.text(), HasSubstr("stoa_x_a_total 0\n"));
}

TEST(Registry, AnotherDescriptionOfTheSameNameReplacesTheOldOne) {
  Registry registry;
  const Families first{registry.make(counter("a_total"))};
  registry.show(first);
  const Families second{registry.make(counter("a_total", {"x"}))};
  first[0]->at({}).add();
  EXPECT_THAT(registry.text(), HasSubstr("a_total 1\n"));
  registry.show(second);
  second[0]->at({"y"}).add();
  EXPECT_EQ(registry.text(), "# HELP a_total Counts.\n# TYPE a_total counter\na_total{x=\"y\"} 1\n");
  registry.hide(second);  // the upgrade failed
  EXPECT_THAT(registry.text(), HasSubstr("a_total 1\n"));
}

}  // namespace
}  // namespace stoa::core::metrics
