// A plugin that keeps none of its promises: each call fails, is logged with its name and counted, and harms
// nobody.
#include <gmock/gmock.h>

#include <sstream>

#include "harness/harness.hpp"
#include "stoa/stoa.h"

namespace stoa::harness {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ContractTest : public ::testing::Test {
 protected:
  void start(bool checked) {
    const fs::path directory = server_.directory() / "plugins";
    fs::create_directory(directory);
    fs::create_symlink(fs::path(STOA_BUNDLED_PLUGINS) / "auth.so", directory / "auth.so");
    fs::create_symlink(fs::path(STOA_TEST_PLUGINS) / "rogue.so", directory / "rogue.so");
    server_.options().plugins = {"auth", "rogue"};
    server_.options().environment["STOA__PLUGINS__DIR"] = directory.string();
    server_.options().environment["STOA__PLUGINS__CHECKED"] = checked ? "true" : "false";
    server_.start();
  }
  int deed(const std::string& name) {
    const Reply reply = client_->get("/x/rogue/" + name);
    EXPECT_EQ(reply.status, 200) << name << '\n' << server_.log();
    return reply.status == 200 ? static_cast<int>(reply.json()["status"].integer()) : -1;
  }
  double violations() {
    const std::string sample = "stoa_plugin_contract_violations_total{plugin=\"rogue\"} ";
    std::istringstream lines(server_.client().get("//metrics").body);
    for (std::string line; std::getline(lines, line);) {
      if (line.rfind(sample, 0) == 0) return std::stod(line.substr(sample.size()));
    }
    return 0;
  }
  bool is_logged(const std::string& call) {
    return server_.log().find("msg=\"A plugin broke the contract of stoa.h.\" plugin=\"rogue\" call=\"" +
                              call + "\"") != std::string::npos;
  }
  // The status, one violation more, and the log's line.
  void expect(const std::string& name, int status, const std::string& call) {
    const double before = violations();
    EXPECT_EQ(deed(name), status) << name;
    EXPECT_EQ(violations(), before + 1) << name;
    EXPECT_TRUE(is_logged(call)) << name << '\n' << server_.log();
  }
  void connect() { client_ = std::make_unique<Client>(server_.client()); }

  TestServer server_{ServerOptions{.start = false}};
  std::unique_ptr<Client> client_;
};

struct Deed {
  const char* name;
  int status;
  const char* call;
};

constexpr Deed kAlways[] = {
    {"register_late", STOA_E_WRONG_THREAD, "routes.add"},
    {"declare_late", STOA_E_WRONG_THREAD, "permissions.declare"},
    {"read_inside", STOA_E_WRONG_THREAD, "storage.read"},
    {"write_inside", STOA_E_WRONG_THREAD, "storage.write"},
    {"emit_in_read", STOA_E_WRONG_THREAD, "events.emit"},
    {"enqueue_in_read", STOA_E_WRONG_THREAD, "jobs.enqueue"},
    {"emit_small", STOA_E_ARGUMENT, "events.emit"},
    {"stale_tx", STOA_E_STALE, "storage.exec"},
    {"stale_request", STOA_E_STALE, "routes.respond"},
    {"request_on_another_thread", STOA_E_STALE, "routes.method"},
    {"cursor_on_another_thread", STOA_E_STALE, "storage.next"},
    {"small_response", STOA_E_ARGUMENT, "routes.respond"},
    {"small_error", STOA_OK, "host.set_error"},
    {"stopping_outside", STOA_OK, "jobs.stopping"},
    {"short_period", STOA_E_ARGUMENT, "jobs.every"},
    {"foreign_metric", STOA_E_STALE, "metrics.record"},
    {"falling_counter", STOA_E_ARGUMENT, "metrics.record"},
    {"many_labels", STOA_E_ARGUMENT, "metrics.record"},
};
constexpr Deed kChecked[] = {
    {"emit_no_text", STOA_E_ARGUMENT, "events.emit"},
    {"emit_no_json", STOA_E_ARGUMENT, "events.emit"},
    {"enqueue_no_json", STOA_E_ARGUMENT, "jobs.enqueue"},
    {"broken_body", STOA_E_ARGUMENT, "routes.respond"},
    {"broken_log", STOA_OK, "log.write"},
    {"broken_channel", STOA_E_ARGUMENT, "realtime.ephemeral"},
};

TEST_F(ContractTest, WhatCostsLittleIsAlwaysChecked) {
  start(false);
  connect();
  EXPECT_EQ(deed("storage_before_start"), STOA_E_WRONG_THREAD);
  EXPECT_TRUE(is_logged("storage.read"));
  for (const Deed& d : kAlways) expect(d.name, d.status, d.call);
  const double before = violations();
  // Closed, then asked: of a transaction that is over, both.
  EXPECT_EQ(deed("stale_cursor"), STOA_E_STALE);
  EXPECT_EQ(violations(), before + 2);
  EXPECT_TRUE(is_logged("storage.close"));
  EXPECT_EQ(deed("twice"), -1);
  EXPECT_EQ(violations(), before + 3);
  EXPECT_TRUE(is_logged("routes.respond"));
  // Nothing to hold against it: it could not know.
  EXPECT_EQ(deed("foreign_deferred"), STOA_E_STALE);
  EXPECT_EQ(deed("cancel_nothing"), STOA_E_STALE);
  EXPECT_EQ(violations(), before + 3);
  EXPECT_EQ(client_->get("//readyz").status, 200);
}

TEST_F(ContractTest, CheckedModeLooksIntoTexts) {
  start(true);
  connect();
  for (const Deed& d : kChecked) expect(d.name, d.status, d.call);
  for (const Deed& d : kAlways) expect(d.name, d.status, d.call);
}

// Never given out by the host: nobody can be named, and nothing may happen.
TEST_F(ContractTest, AnInventedHandleIsRefused) {
  start(false);
  connect();
  EXPECT_EQ(deed("invented_tx"), STOA_E_STALE);
  EXPECT_THAT(server_.log(), HasSubstr("A plugin broke the contract of stoa.h."));
  server_.stop();
  EXPECT_EQ(server_.sql("SELECT count(*) FROM rogue_thing")[0][0], "1");
}

}  // namespace
}  // namespace stoa::harness
