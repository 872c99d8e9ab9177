// Plugins of this SDK in hosts whose tables are smaller than those it was compiled with.
#include "stoa/sizes.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <string>

#include "stoa/stoa.hpp"

namespace stoa {
namespace {

// A host of release 1.0: each table has exactly the bytes it had then, so that a sanitizer sees whoever reads
// more.
class OldHost {
 public:
  OldHost() {
    add(STOA_LOG_ID, STOA_LOG_V1_SIZE_1_0);
    add(STOA_CONFIG_ID, STOA_CONFIG_V1_SIZE_1_0);
    add(STOA_ROUTES_ID, STOA_ROUTES_V1_SIZE_1_0);
    add(STOA_HOOKS_ID, STOA_HOOKS_V1_SIZE_1_0);
    add(STOA_STORAGE_ID, STOA_STORAGE_V1_SIZE_1_0);
    add(STOA_EVENTS_ID, STOA_EVENTS_V1_SIZE_1_0);
    add(STOA_REALTIME_ID, STOA_REALTIME_V1_SIZE_1_0);
    add(STOA_SERVICES_ID, STOA_SERVICES_V1_SIZE_1_0);
    add(STOA_CLOCK_ID, STOA_CLOCK_V1_SIZE_1_0);
    add(STOA_RANDOM_ID, STOA_RANDOM_V1_SIZE_1_0);
    add(STOA_PERMISSIONS_ID, STOA_PERMISSIONS_V1_SIZE_1_0);
    add(STOA_UI_ID, STOA_UI_V1_SIZE_1_0);
    add(STOA_COMMANDS_ID, STOA_COMMANDS_V1_SIZE_1_0);
    add(STOA_JOBS_ID, STOA_JOBS_V1_SIZE_1_0);
    add(STOA_METRICS_ID, STOA_METRICS_V1_SIZE_1_0);
    host_.host = &table_;
    host_.ctx = reinterpret_cast<stoa_ctx*>(this);
  }
  ~OldHost() {
    for (const auto& [id, table] : tables_) std::free(table);
  }
  OldHost(const OldHost&) = delete;
  OldHost& operator=(const OldHost&) = delete;

  void add(const char* id, std::uint32_t size) {
    std::free(tables_[id]);
    void* table = std::calloc(1, size);
    std::memcpy(table, &size, sizeof size);
    tables_[id] = table;
  }
  void remove(const char* id) {
    std::free(tables_[id]);
    tables_.erase(id);
  }
  template <class Table>
  Table& table(const char* id) {
    return *static_cast<Table*>(tables_.at(id));
  }
  detail::Host& host() { return host_; }

 private:
  static const void* get(stoa_ctx* ctx, stoa_str id, std::uint32_t min_size) {
    const auto& tables = reinterpret_cast<OldHost*>(ctx)->tables_;
    const auto entry = tables.find(std::string(detail::view(id)));
    if (entry == tables.end()) return nullptr;
    return *static_cast<const std::uint32_t*>(entry->second) < min_size ? nullptr : entry->second;
  }
  static void last_error(stoa_ctx*, void* self, void (*accept)(void*, const stoa_error*)) {
    detail::with_c(Error{ErrorCode::internal, "told by the host"},
                   [&](const stoa_error& c) { accept(self, &c); });
  }
  std::map<std::string, void*> tables_;
  const stoa_host table_{sizeof(stoa_host), STOA_ABI_MAJOR, STOA_SDK_VERSION, 0, &get, nullptr, &last_error};
  detail::Host host_;
};

stoa_status accept_any(stoa_ctx*, stoa_metric, double, const stoa_str*, std::size_t) {
  return STOA_OK;
}
stoa_status refuse_any(stoa_ctx*, stoa_metric, double, const stoa_str*, std::size_t) {
  return STOA_E_ARGUMENT;
}

TEST(Sizes, TablesOfTheFirstReleaseAreEnough) {
  OldHost old;
  EXPECT_NO_THROW(old.host().fetch());
  EXPECT_NE(old.host().jobs, nullptr);
}

TEST(Sizes, AHostWithLessThanTheFirstReleaseIsRefusedByName) {
  for (const bool missing : {false, true}) {
    OldHost old;
    if (missing) {
      old.remove(STOA_JOBS_ID);
    } else {
      old.add(STOA_JOBS_ID, STOA_JOBS_V1_SIZE_1_0 - 8);
    }
    try {
      old.host().fetch();
      ADD_FAILURE() << "it was fetched";
    } catch (const std::runtime_error& e) {
      EXPECT_NE(std::string(e.what()).find(STOA_JOBS_ID), std::string::npos) << e.what();
    }
  }
}

// As a table of release 1.0 stands to what came later: here it ends before `set`.
TEST(Sizes, WhatTheHostDoesNotKnowIsUnsupportedAndNotCalled) {
  OldHost old;
  old.host().fetch();
  const std::uint32_t size = STOA_SIZE_TO(stoa_metrics_v1, record);
  old.add(STOA_METRICS_ID, size);
  auto& table = old.table<stoa_metrics_v1>(STOA_METRICS_ID);
  table.record = &accept_any;
  detail::Host host = old.host();
  host.metrics = &table;
  EXPECT_TRUE(STOA_HAS(stoa_metrics_v1, &table, record));
  EXPECT_FALSE(STOA_HAS(stoa_metrics_v1, &table, set));
  EXPECT_EQ(host.call(host.metrics, &stoa_metrics_v1::record, stoa_metric{1}, 1.0, nullptr, std::size_t{0}),
            STOA_OK);
  EXPECT_EQ(host.call(host.metrics, &stoa_metrics_v1::set, stoa_metric{1}, 1.0, nullptr, std::size_t{0}),
            STOA_E_UNSUPPORTED);
  const auto asked =
      host.ask(host.metrics, &stoa_metrics_v1::set, stoa_metric{1}, 1.0, nullptr, std::size_t{0});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::unsupported);
  Gauge(host, 1).set(3);  // nobody is there to be told
}

TEST(Sizes, AnEmptySlotIsNotCalledEither) {
  OldHost old;
  old.host().fetch();
  const detail::Host& host = old.host();
  EXPECT_EQ(host.call(host.metrics, &stoa_metrics_v1::set, stoa_metric{1}, 1.0, nullptr, std::size_t{0}),
            STOA_E_UNSUPPORTED);
}

TEST(Sizes, AFailureOfTheHostKeepsItsDetails) {
  OldHost old;
  old.host().fetch();
  old.table<stoa_metrics_v1>(STOA_METRICS_ID).set = &refuse_any;
  const detail::Host& host = old.host();
  const auto asked =
      host.ask(host.metrics, &stoa_metrics_v1::set, stoa_metric{1}, 1.0, nullptr, std::size_t{0});
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().message, "told by the host");
}

}  // namespace
}  // namespace stoa
