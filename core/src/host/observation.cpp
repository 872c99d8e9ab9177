#include "host/observation.hpp"

#include <unistd.h>

#include <array>
#include <fstream>

#include "http/cache.hpp"
#include "plugins/boundary.hpp"
#include "plugins/snapshot.hpp"
#include "realtime/hub.hpp"
#include "stoa/json.hpp"
#include "storage/database.hpp"
#include "work/pool.hpp"

namespace stoa::core::host {

using metrics::Kind;
using metrics::Label;
using metrics::Text;

namespace {

constexpr std::string_view kClasses[] = {"other", "1xx", "2xx", "3xx", "4xx", "5xx"};
constexpr std::array<double, 8> kCommitSizes{1, 2, 4, 8, 16, 32, 64, 128};

double number(std::uint64_t value) {
  return static_cast<double>(value);
}

// Bytes of memory that are really there.
double resident_memory() {
  std::ifstream statm("/proc/self/statm");
  double whole = 0, resident = 0;
  statm >> whole >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

void write_storage(Text& text, const storage::Database& database) {
  const auto statistics = database.statistics();
  text.single("stoa_storage_writes_waiting", Kind::gauge, "Writes that wait for the writer thread.",
              number(statistics.waiting));
  text.head("stoa_storage_commit_writes", Kind::histogram, "Writes that were committed together.");
  text.histogram({}, kCommitSizes, statistics.commits_by_size, number(statistics.closures));
  text.single("stoa_event_log_head", Kind::gauge, "The last sequence number of the event log.",
              number(database.head()));
}

void write_cache(Text& text, const http::Cache& cache) {
  const auto stats = cache.stats();
  text.single("stoa_cache_hits_total", Kind::counter, "Answers that were served from the cache.",
              number(stats.hits));
  text.single("stoa_cache_misses_total", Kind::counter, "Answers that were looked for in the cache in vain.",
              number(stats.misses));
  text.single("stoa_cache_entries", Kind::gauge, "Answers in the cache.", number(stats.entries));
  text.single("stoa_cache_bytes", Kind::gauge, "Size of the answers in the cache.", number(stats.bytes));
}

void write_sockets(Text& text, const realtime::Hub& hub) {
  const auto stats = hub.stats();
  text.single("stoa_sockets_open", Kind::gauge, "WebSockets that are open.", number(stats.connections));
  text.single("stoa_sockets_messages_total", Kind::counter, "Messages that were handed to WebSockets.",
              number(stats.delivered));
  text.single("stoa_sockets_too_slow_total", Kind::counter,
              "WebSockets that were closed since they read too slowly.", number(stats.dropped_slow));
}

void write_workers(Text& text, const plugins::Snapshot& snapshot, const work::Pool& pool) {
  std::vector<std::pair<std::string, work::Pool::OwnerStats>> lanes{{"core", pool.stats("core")}};
  for (const auto& plugin : snapshot.plugins) {
    if (plugin.state == plugins::State::active) lanes.emplace_back(plugin.id, pool.stats(plugin.id));
  }
  text.head("stoa_worker_waiting", Kind::gauge, "Requests and callbacks that wait for a worker.");
  for (const auto& [id, lane] : lanes) text.sample({{"plugin", id}}, number(lane.waiting));
  text.head("stoa_worker_running", Kind::gauge, "Requests and callbacks that a worker runs.");
  for (const auto& [id, lane] : lanes) text.sample({{"plugin", id}}, lane.running);
}

void write_plugins(Text& text, const plugins::Snapshot& snapshot, plugins::Background& background) {
  const auto counts = background.engine().counts();
  text.head("stoa_jobs_waiting", Kind::gauge, "Entries that wait in durable queues.");
  for (const auto& [id, count] : counts) text.sample({{"plugin", id}}, static_cast<double>(count.waiting));
  text.head("stoa_jobs_parked", Kind::gauge, "Entries of durable queues that failed for the last time.");
  for (const auto& [id, count] : counts) text.sample({{"plugin", id}}, static_cast<double>(count.parked));
  text.head("stoa_plugin_healthy", Kind::gauge, "1 when the active plugin says that it is well.");
  for (const auto& plugin : snapshot.plugins) {
    if (plugin.state != plugins::State::active) continue;
    const auto health = background.health().of(plugin.id);
    text.sample({{"plugin", plugin.id}}, !health || health->ok ? 1 : 0);
  }
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address.substr(0, 4) == "127." || address.substr(0, 11) == "::ffff:127.";
}

// A proxy on this machine would let everybody in.
bool is_from_here(const stoa_request& request) {
  for (const std::string_view header : {"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"}) {
    if (!request.header(header).empty()) return false;
  }
  return is_loopback(request.peer);
}

}  // namespace

Observation::Observation(metrics::Registry& registry, const plugins::HostParts& parts)
    : parts_(parts),
      requests_(registry.add({.kind = Kind::counter,
                              .name = "stoa_http_requests_total",
                              .help = "Answered requests by plugin and class of status.",
                              .labels = {"plugin", "status"}})),
      seconds_(registry.add({.kind = Kind::histogram,
                             .name = "stoa_http_request_seconds",
                             .help = "Time from a request's receipt to its answer, by plugin.",
                             .labels = {"plugin"},
                             .bounds = {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                        0.5, 1, 2.5, 5, 10}})),
      events_(registry.add({.kind = Kind::counter,
                            .name = "stoa_events_published_total",
                            .help = "Events that were committed and published."})) {
  registry.add_source([this](Text& text) { write(text); });
}

void Observation::answered(std::string_view plugin, int status, std::chrono::steady_clock::duration took) {
  const std::string_view of = kClasses[status >= 100 && status < 600 ? status / 100 : 0];
  requests_.at({plugin, of}).add();
  seconds_.observe({plugin}, std::chrono::duration<double>(took).count());
}

void Observation::write(Text& text) const {
  const plugins::SnapshotPtr snapshot = parts_.snapshot();
  write_workers(text, *snapshot, *parts_.pool);
  text.single("stoa_deferred_waiting", Kind::gauge, "Requests whose answer is still owed by their plugin.",
              number(parts_.deferreds->size()));
  write_storage(text, *parts_.database);
  write_cache(text, *parts_.cache);
  write_sockets(text, *parts_.hub);
  write_plugins(text, *snapshot, *parts_.jobs);
  text.single("stoa_process_resident_memory_bytes", Kind::gauge, "Memory that the process holds.",
              resident_memory());
  const std::chrono::duration<double> up = std::chrono::steady_clock::now() - started_;
  text.single("stoa_process_uptime_seconds", Kind::gauge, "Time since the start.", up.count());
}

void answer_metrics(stoa_request& request, const metrics::Registry& registry, bool is_public) {
  if (!is_public && !is_from_here(request)) {
    request.fail({ErrorCode::forbidden, "This is for the forum's own machine."});
    return;
  }
  const std::string text = registry.text();
  stoa_response response{};
  response.size = sizeof response;
  response.status = 200;
  response.content_type = plugins::str(metrics::kContentType);
  response.body = plugins::str(text);
  response.audience = STOA_AUDIENCE_PERSONAL;
  request.respond(response);
}

void describe(Json& json, plugins::Background& background, std::string_view plugin) {
  json.key("health");
  if (const auto health = background.health().of(plugin)) {
    json.begin_object().field("ok", health->ok).field("detail", health->detail).end_object();
  } else {
    json.value(nullptr);
  }
  const auto counts = background.engine().counts();
  const auto count = counts.find(std::string(plugin));
  const jobs::Count jobs = count == counts.end() ? jobs::Count{} : count->second;
  json.key("jobs").begin_object().field("waiting", jobs.waiting).field("parked", jobs.parked).end_object();
}

}  // namespace stoa::core::host
