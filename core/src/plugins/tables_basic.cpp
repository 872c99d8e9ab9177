#include <algorithm>
#include <chrono>
#include <mutex>
#include <unordered_map>

#include "crash/breadcrumb.hpp"
#include "plugins/background.hpp"
#include "plugins/boundary.hpp"
#include "plugins/call.hpp"
#include "plugins/request.hpp"
#include "plugins/snapshot.hpp"
#include "plugins/tables.hpp"
#include "security/digest.hpp"

namespace stoa::core::plugins {

namespace {

void write_log(stoa_ctx* ctx, stoa_log_level level, stoa_str message, const stoa_kv* keys,
               std::size_t count) {
  bool texts = are_texts(*ctx, {message});
  for (std::size_t i = 0; i < count; ++i) texts = texts && are_texts(*ctx, {keys[i].key, keys[i].value});
  if (!texts) return (void)argument(*ctx, "log.write", "a text is not UTF-8");
  if (level == STOA_LOG_ERROR && ctx->host.jobs) ctx->host.jobs->failed(ctx->id, "log");
  std::vector<log::Key> all{{"plugin", ctx->id}};
  if (const std::string_view request = current_request(); !request.empty())
    all.emplace_back("request", request);
  for (std::size_t i = 0; i < count; ++i) all.emplace_back(view(keys[i].key), view(keys[i].value));
  const auto to = level == STOA_LOG_DEBUG     ? log::Level::debug
                  : level == STOA_LOG_INFO    ? log::Level::info
                  : level == STOA_LOG_WARNING ? log::Level::warning
                                              : log::Level::error;
  log::write(to, view(message), all.data(), all.size());
}

void announce(stoa_ctx* ctx, stoa_str text, stoa_str path) {
  if (ctx->host.announce) ctx->host.announce(std::string(view(text)), std::string(view(path)));
}

stoa_status settings(stoa_ctx* ctx, const stoa_sink* out) {
  return at_boundary("config.settings", [&] {
    write_to(out, *ctx->settings());
    return stoa_status{STOA_OK};
  });
}

stoa_status host_value(stoa_ctx* ctx, stoa_str key, const stoa_sink* out) {
  return at_boundary("config.host_value", [&]() -> stoa_status {
    auto value = ctx->host.host_value(view(key));
    if (!value) return failed(value.error());
    write_to(out, *value);
    return STOA_OK;
  });
}

stoa_status define(stoa_ctx* ctx, stoa_str hook) {
  return at_boundary("hooks.define", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "hooks.define");
    if (view(hook).rfind(ctx->id + ".", 0) != 0)
      return argument(*ctx, "hooks.define", "a hook begins with the plugin's id");
    ctx->contributions.hooks.emplace_back(view(hook));
    return STOA_OK;
  });
}

stoa_status filter(stoa_ctx* ctx, const stoa_filter* filter) {
  return at_boundary("hooks.filter", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "hooks.filter");
    if (!is_whole(filter, STOA_FILTER_SIZE_1_0) || !filter->call)
      return argument(*ctx, "hooks.filter", "the filter is missing or too small, or has no call");
    ctx->contributions.filters.push_back(
        {std::string(view(filter->hook)), filter->priority, filter->on_error, filter->call, filter->self});
    return STOA_OK;
  });
}

// The filters of a hook with their owners held, so that none is left out while its plugin is upgraded.
struct HeldFilters {
  bool defined = false;
  SnapshotPtr snapshot;
  std::vector<Snapshot::Filter> filters;
  std::vector<Call> calls;
};

HeldFilters hold_filters(const stoa_ctx& ctx, std::string_view hook) {
  for (;;) {
    HeldFilters held;
    held.snapshot = ctx.host.snapshot();
    auto found = held.snapshot->filters.find(hook);
    // What still runs while this plugin drains is filtered as before.
    const bool drains = found == held.snapshot->filters.end() && ctx.last_snapshot;
    if (drains) {
      held.snapshot = ctx.last_snapshot;
      found = held.snapshot->filters.find(hook);
    }
    if (found == held.snapshot->filters.end()) return held;
    held.defined = true;
    for (const Snapshot::Filter& filter : found->second) {
      Call call = Call::enter(filter.owner);
      if (!call && drains) continue;
      if (!call) break;
      held.calls.push_back(std::move(call));
      held.filters.push_back(filter);
    }
    if (drains || held.filters.size() == found->second.size()) return held;
  }
}

stoa_status fire(stoa_ctx* ctx, stoa_str hook, stoa_str payload, const stoa_sink* out) {
  return at_boundary("hooks.fire", [&]() -> stoa_status {
    std::string current(view(payload));
    const HeldFilters held = hold_filters(*ctx, view(hook));
    if (!held.defined) return argument(*ctx, "hooks.fire", "this hook was not defined");
    for (const Snapshot::Filter& filter : held.filters) {
      std::string changed;
      const stoa_sink sink = stoa::detail::sink_to(changed);
      clear_callback_error();
      stoa_hook_verdict verdict = STOA_HOOK_FAILED;
      const crash::Breadcrumb here(filter.owner->id.c_str(), filter.entry->hook.c_str());
      (void)at_boundary("filter", [&]() -> stoa_status {
        verdict = filter.entry->call(filter.entry->self, str(current), &sink);
        return STOA_OK;
      });
      if (verdict == STOA_HOOK_CONTINUE) continue;
      if (verdict == STOA_HOOK_MODIFIED) {
        current = std::move(changed);
        continue;
      }
      if (verdict == STOA_HOOK_REJECTED) {
        return failed(take_callback_error_as_set({ErrorCode::validation, "This was not accepted."}));
      }
      log::warning("A filter failed.", {{"plugin", filter.owner->id}, {"hook", view(hook)}});
      if (filter.entry->on_error == STOA_HOOK_CLOSED) {
        return failed({ErrorCode::unavailable, "A check that this needs is not available now."});
      }
    }
    write_to(out, current);
    return STOA_OK;
  });
}

// Leases of services: which generation is held until release.
std::mutex lease_mutex;
std::unordered_map<stoa_lease, Call>& leases() {
  static std::unordered_map<stoa_lease, Call> all;
  return all;
}
stoa_lease next_lease = 1;

stoa_status provide(stoa_ctx* ctx, stoa_str id, const void* table) {
  return at_boundary("services.provide", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "services.provide");
    if (!table || !ctx->contributions.services.emplace(view(id), table).second) {
      return argument(*ctx, "services.provide", "no table, or provided twice");
    }
    return STOA_OK;
  });
}

stoa_status acquire(stoa_ctx* ctx, stoa_str id, std::uint32_t min_size, const void** table,
                    stoa_lease* lease) {
  return at_boundary("services.acquire", [&]() -> stoa_status {
    if (!ctx->usable) return wrong_state(*ctx, "services.acquire");
    const bool withheld = ctx->host.withheld && ctx->host.withheld(view(id));
    auto service = withheld ? std::nullopt : hold_service(ctx->host.snapshot, view(id));
    if (!service) return failed({ErrorCode::not_found, "Nobody provides " + std::string(view(id)) + " now."});
    if (*static_cast<const std::uint32_t*>(service->table) < min_size) {
      return failed({ErrorCode::unsupported, "The provider of " + std::string(view(id)) + " is too old."});
    }
    *table = service->table;
    std::lock_guard lock(lease_mutex);
    *lease = next_lease++;
    leases().emplace(*lease, std::move(service->call));
    return STOA_OK;
  });
}

void release(stoa_ctx*, stoa_lease lease) {
  Call ended;  // outside of the lock
  std::lock_guard lock(lease_mutex);
  const auto held = leases().find(lease);
  if (held == leases().end()) return;
  ended = std::move(held->second);
  leases().erase(held);
}

stoa_status watch(stoa_ctx* ctx, stoa_str id, void* self, void (*available)(void*), void (*gone)(void*)) {
  return at_boundary("services.watch", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "services.watch");
    if (view(id).empty()) return argument(*ctx, "services.watch", "an id is required");
    ctx->contributions.watches.push_back({std::string(view(id)), self, available, gone});
    return STOA_OK;
  });
}

std::int64_t now_ms(stoa_ctx* ctx) {
  if (ctx->host.now_ms) return ctx->host.now_ms();
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t monotonic_ms(stoa_ctx* ctx) {
  if (ctx->host.monotonic_ms) return ctx->host.monotonic_ms();
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

stoa_status random(stoa_ctx* ctx, void* out, std::size_t count) {
  return at_boundary("random.bytes", [&] {
    ctx->host.random ? ctx->host.random(out, count) : security::random_bytes(out, count);
    return stoa_status{STOA_OK};
  });
}

stoa_status add_command(stoa_ctx* ctx, const stoa_command* command) {
  return at_boundary("commands.add", [&]() -> stoa_status {
    if (!ctx->registering) return wrong_state(*ctx, "commands.add");
    if (!is_whole(command, STOA_COMMAND_SIZE_1_0) || (command->option_count > 0 && !command->options))
      return argument(*ctx, "commands.add", "the command is missing or too small");
    CommandEntry entry{
        std::string(view(command->name)), std::string(view(command->help)), {}, command->run, command->self};
    for (std::size_t i = 0; i < command->option_count; ++i) {
      if (!is_whole(command->options[i], STOA_COMMAND_OPTION_SIZE_1_0))
        return argument(*ctx, "commands.add", "an option is missing or too small");
      const stoa_command_option& option = *command->options[i];
      entry.options.push_back({std::string(view(option.name)), std::string(view(option.help)),
                               (option.flags & STOA_OPTION_REQUIRED) != 0,
                               (option.flags & STOA_OPTION_FLAG) != 0});
    }
    if (entry.name.empty() || !entry.run) return argument(*ctx, "commands.add", "name and run are required");
    ctx->contributions.commands.push_back(std::move(entry));
    return STOA_OK;
  });
}

}  // namespace

const stoa_log_v1* log_table() {
  static const stoa_log_v1 table = {sizeof table, 0, &write_log, &announce};
  return &table;
}
const stoa_config_v1* config_table() {
  static const stoa_config_v1 table = {sizeof table, 0, &settings, &host_value};
  return &table;
}
const stoa_hooks_v1* hooks_table() {
  static const stoa_hooks_v1 table = {sizeof table, 0, &define, &filter, &fire};
  return &table;
}
const stoa_services_v1* services_table() {
  static const stoa_services_v1 table = {sizeof table, 0, &provide, &acquire, &release, &watch};
  return &table;
}
const stoa_clock_v1* clock_table() {
  static const stoa_clock_v1 table = {sizeof table, 0, &now_ms, &monotonic_ms};
  return &table;
}
const stoa_random_v1* random_table() {
  static const stoa_random_v1 table = {sizeof table, 0, &random};
  return &table;
}
const stoa_commands_v1* commands_table() {
  static const stoa_commands_v1 table = {sizeof table, 0, &add_command};
  return &table;
}

}  // namespace stoa::core::plugins
