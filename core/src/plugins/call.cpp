#include "plugins/call.hpp"

#include <condition_variable>
#include <mutex>

#include "plugins/snapshot.hpp"

namespace stoa::core::plugins {

namespace {

std::mutex idle_mutex;
std::condition_variable idle;

}  // namespace

Call Call::enter(GenerationPtr generation) {
  if (!generation) return {};
  Call call = hold(std::move(generation));
  // Both sides first write, then look: either this sees the end, or wait_until_idle sees the call.
  if (!call.generation_->accepting.load()) return {};
  return call;
}

Call Call::hold(GenerationPtr generation) {
  if (generation) generation->calls.fetch_add(1);
  return Call(std::move(generation));
}

Call::~Call() {
  if (!generation_ || generation_->calls.fetch_sub(1) != 1 || generation_->accepting.load()) return;
  std::lock_guard lock(idle_mutex);
  idle.notify_all();
}

bool wait_until_idle(Generation& generation, std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(idle_mutex);
  generation.accepting.store(false);
  return idle.wait_until(lock, deadline, [&] { return generation.calls.load() == 0; });
}

std::optional<HeldService> hold_service(const SnapshotSource& source, std::string_view id) {
  for (;;) {
    const SnapshotPtr snapshot = source();
    const auto service = snapshot->services.find(id);
    if (service == snapshot->services.end()) return std::nullopt;
    if (Call call = Call::enter(service->second.owner))
      return HeldService{std::move(call), service->second.table};
  }
}

}  // namespace stoa::core::plugins
