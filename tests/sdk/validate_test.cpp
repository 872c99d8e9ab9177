// What `stoa plugin validate` says of good plugins, and of each of the bad ones.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>
#include <iterator>
#include <mutex>
#include <thread>

#include "harness/harness.hpp"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

// A bad plugin: the check that must fail, and what it must say.
struct Bad {
  const char* plugin;
  const char* check;
  const char* says;
};
constexpr Bad kBad[] = {
    {"no_entry", "exports", "does not export stoa_plugin_v1"},
    {"open_house", "exports", "exports"},
    {"open_house", "unique", "pins it in memory"},
    {"host_symbol", "undefined", "takes sqlite3_libversion_number from none of its libraries"},
    {"missing_symbol", "undefined", "takes bees::forgotten(int) from none of its libraries"},
    {"wrong_major_inside", "description", "ABI 2"},
    {"size_zero", "description", "size 0"},
    {"null_slots", "description", "no create"},
    {"null_slots", "description", "migration 1 is missing"},
    {"bad_settings", "settings", "refuses its own defaults"},
    {"bad_settings", "settings", "does not know"},
    {"half_migration", "migrations", "0001_halves"},
    {"foreign_migration", "migrations", "0001_foreign"},
    {"hangs_constructor", "load", "hangs in its static constructors"},
    {"crashes_constructor", "load", "crashed with SIGSEGV in its static constructors"},
    {"throws_create", "lifecycle", "let an exception out of create"},
    {"throws_start", "lifecycle", "let an exception out of start"},
    {"throws_drain", "lifecycle", "let an exception out of drain"},
    {"throws_stop", "lifecycle", "let an exception out of stop"},
    {"throws_destroy", "lifecycle", "let an exception out of destroy"},
    {"hangs_create", "lifecycle", "hangs in create"},
    {"hangs_start", "lifecycle", "hangs in start"},
    {"hangs_stop", "lifecycle", "hangs in stop"},
    {"late_registration", "lifecycle", "routes.add gave STOA_E_WRONG_THREAD"},
    {"leaked_thread", "leaks", "leaves a thread behind"},
    {"leaked_descriptor", "leaks", "/dev/zero"},
    {"leaked_memory", "cycles", "bytes at each create and destroy"},
    {"use_after_stop", "lifecycle", "clock.now_ms was called after destroy"},
    {"throws_configure", "callbacks", "let an exception out of configure"},
    {"throws_health", "callbacks", "let an exception out of health"},
    {"throws_handler", "callbacks", "let an exception out of GET /api/v1/x/throws_handler/go"},
    {"throws_page", "callbacks", "let an exception out of the page /x/throws_page/page"},
    {"throws_filter", "callbacks", "let an exception out of the filter of posts.post.create/1"},
    {"throws_subscriber", "callbacks", "let an exception out of the subscriber of auth.user.created"},
    {"throws_authorize", "callbacks", "let an exception out of authorize of throws_authorize:"},
    {"throws_operate", "callbacks", "let an exception out of operate of throws_operate:"},
    {"throws_command", "callbacks", "let an exception out of the command \"throws_command go\""},
    {"throws_timer", "callbacks", "let an exception out of a timer"},
    {"throws_queue", "callbacks", "let an exception out of the queue errands"},
    {"hangs_timer", "callbacks", "hangs in a timer"},
    {"crashes_queue", "callbacks", "crashed with SIGSEGV in the queue errands"},
    {"queue_attempts", "lifecycle", "attempts are 1 to 20"},
    {"queue_backoff", "lifecycle", "backoff_ms is 1 to 3,600,000"},
    {"queue_name", "lifecycle", "jobs.queue gave STOA_E_ARGUMENT: jobs.queue: a name is"},
    {"queue_null", "lifecycle", "jobs.queue was given text of 7 bytes at NULL"},
    {"queue_run", "lifecycle", "run is required"},
    {"queue_size", "lifecycle", "the queue is missing or too small"},
    {"metric_bounds", "lifecycle", "the bounds must rise"},
    {"metric_help", "lifecycle", "help is required"},
    {"metric_kind", "lifecycle", "unknown kind"},
    {"metric_labels", "lifecycle", "at most 4 labels"},
    {"metric_null", "lifecycle", "metrics.define was given text of 5 bytes at NULL"},
    {"metric_size", "lifecycle", "metrics.define was given a stoa_metric_desc of size 0"},
    {"metric_total", "lifecycle", "the name of a counter, and of nothing else, ends with _total"},
    {"hangs_handler", "callbacks", "hangs in GET /api/v1/x/hangs_handler/go"},
    {"overflows_handler", "callbacks", "crashed with SIGSEGV in GET /api/v1/x/overflows_handler/go"},
    {"crashes_handler", "callbacks", "crashed with SIGSEGV in GET /api/v1/x/crashes_handler/go"},
    {"double_answer", "callbacks", "routes.respond gave STOA_E_STALE"},
    {"stale_token", "callbacks", "routes.complete gave STOA_E_STALE"},
    {"kept_request", "callbacks", "routes.path was called with a handle that has ended"},
    {"foreign_sql", "callbacks", "storage.query gave STOA_E_INTERNAL: The statement reaches beyond"},
    {"foreign_sql", "callbacks", "storage.exec gave STOA_E_INTERNAL: The statement reaches beyond"},
    {"invalid_utf8", "callbacks", "routes.respond was given text that is not UTF-8"},
    {"invalid_utf8", "callbacks", "log.write was given text that is not UTF-8"},
    {"no_answer", "callbacks", "neither answers nor defers"},
    {"trusting", "faults", "after storage.query failed"},
};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class ValidateTest : public ::testing::Test {
 protected:
  Outcome validate(const fs::path& file, std::vector<std::string> options = {"--json"}) const {
    std::vector<std::string> arguments = {"plugin", "validate", file.string()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return server_.run(arguments);
  }
  // The same bytes with those at `offset` changed.
  fs::path changed(const fs::path& file, std::size_t offset, std::string_view bytes) const {
    std::string whole = read(file);
    whole.replace(offset, bytes.size(), bytes);
    return written(whole);
  }
  fs::path written(const std::string& bytes) const {
    const fs::path path = server_.directory() / "changed.so";
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static Json check(const Json& report, std::string_view name) {
    for (const Json& check : report["checks"].items()) {
      if (check["check"] == name) return check;
    }
    throw std::runtime_error("no check " + std::string(name) + " in " + report.dump());
  }
  static std::string why(const Json& check) {
    std::string all;
    for (const Json& line : check["why"].items()) all += line.text() + "\n";
    return all;
  }
  void expect_failed(const fs::path& file, const char* name, const char* says) const {
    const Outcome outcome = validate(file);
    EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
    const Json report = Json::parse(outcome.out);
    EXPECT_EQ(report["valid"], false);
    EXPECT_EQ(check(report, name)["outcome"], "failed");
    EXPECT_THAT(why(check(report, name)), HasSubstr(says));
    EXPECT_EQ(check(report, "lifecycle")["outcome"], "skipped");
  }

  const fs::path corpus_ = STOA_CORPUS;
  const fs::path good_ = fs::path(STOA_MATRIX) / "gcc.so";
  TestServer server_{ServerOptions{.start = false}};
};

TEST_F(ValidateTest, GoodPluginsAreValid) {
  for (const char* name : {"gxx.so", "gcc.so"}) {
    const Outcome outcome = validate(fs::path(STOA_MATRIX) / name, {});
    EXPECT_EQ(outcome.exit_code, 0) << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("conform 1.0.0 is a valid plugin"));
    EXPECT_THAT(outcome.out, Not(HasSubstr("failed")));
    EXPECT_THAT(outcome.out, HasSubstr("1 queues"));
  }
}

TEST_F(ValidateTest, EachBadPluginIsFoundOut) {
  std::vector<std::string> plugins;
  for (const Bad& bad : kBad) {
    if (plugins.empty() || plugins.back() != bad.plugin) plugins.emplace_back(bad.plugin);
  }
  // None of the corpus is left out.
  for (const auto& file : fs::directory_iterator(corpus_)) {
    if (file.path().extension() == ".so") {
      EXPECT_THAT(plugins, ::testing::Contains(file.path().stem().string()));
    }
  }
  std::map<std::string, Outcome> outcomes;
  std::mutex mutex;
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (std::size_t at = next++; at < plugins.size(); at = next++) {
        Outcome outcome = validate(corpus_ / (plugins[at] + ".so"), {"--json", "--time-limit", "3"});
        std::lock_guard lock(mutex);
        outcomes[plugins[at]] = std::move(outcome);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const Bad& bad : kBad) {
    SCOPED_TRACE(bad.plugin);
    const Outcome& outcome = outcomes.at(bad.plugin);
    ASSERT_EQ(outcome.exit_code, 1) << outcome.out << outcome.err;
    const Json report = Json::parse(outcome.out);
    EXPECT_EQ(report["plugin"], bad.plugin);
    EXPECT_EQ(check(report, bad.check)["outcome"], "failed") << report;
    EXPECT_THAT(why(check(report, bad.check)), HasSubstr(bad.says)) << report;
  }
}

TEST_F(ValidateTest, ATruncatedFileIsNamed) {
  const std::string whole = read(good_);
  expect_failed(written(whole.substr(0, whole.size() / 2)), "note", "is truncated");
}

TEST_F(ValidateTest, AnotherMachineIsNamed) {
  expect_failed(changed(good_, 18, std::string("\x28\x00", 2)), "note", "another machine");
}

TEST_F(ValidateTest, AnotherMajorReleaseIsNamed) {
  const std::size_t note = read(good_).find(std::string("Stoa\0\0\0\0", 8));
  ASSERT_NE(note, std::string::npos);
  expect_failed(changed(good_, note + 12, std::string("\x02\x00\x00\x00", 4)), "note", "was built for ABI 2");
}

TEST_F(ValidateTest, AFileThatIsNotThere) {
  const Outcome outcome = validate(server_.directory() / "nowhere.so");
  EXPECT_EQ(outcome.exit_code, 78);
  EXPECT_THAT(outcome.err, HasSubstr("cannot be read"));
}

TEST_F(ValidateTest, WhatItRequiresMustBeThere) {
  fs::create_directory(server_.directory() / "alone");
  const fs::path file = server_.directory() / "alone" / "needy.so";
  std::string bytes = read(good_);
  // In the manifest only; the same length.
  const std::size_t at = bytes.find("[\"auth\"]");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 8, "[\"gone\"]");
  std::ofstream(file, std::ios::binary) << bytes;
  const Outcome outcome = validate(file);
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(why(check(Json::parse(outcome.out), "migrations")), HasSubstr("it requires gone"));
}

}  // namespace
}  // namespace stoa::harness
