#include "plugins/health.hpp"

#include "crash/breadcrumb.hpp"
#include "http/utf8.hpp"
#include "log/log.hpp"
#include "plugins/boundary.hpp"

namespace stoa::core::plugins {
namespace {

constexpr std::size_t kLongestDetail = 500;  // bytes

Health::State asked(const Generation& generation) {
  std::string detail;
  const stoa_sink sink = stoa::detail::sink_to(detail);
  stoa_status status = STOA_E_INTERNAL;
  const crash::Breadcrumb here(generation.id.c_str(), "health");
  clear_callback_error();
  try {
    status = generation.desc->health(generation.self, &sink);
  } catch (abi::__forced_unwind&) {
    throw;
  } catch (const std::exception& e) {
    detail = std::string("It threw an exception: ") + e.what();
  } catch (...) {
    detail = "It threw an exception.";
  }
  if (status == STOA_OK) return {};
  if (detail.empty()) detail = take_callback_error(status).message;
  if (detail.empty()) detail = "It gave no reason.";
  if (detail.size() > kLongestDetail || !http::is_utf8(detail)) {
    detail.resize(std::min(detail.size(), kLongestDetail));
    while (!detail.empty() && !http::is_utf8(detail)) detail.pop_back();
  }
  return {false, std::move(detail)};
}

}  // namespace

struct Health::Watched {
  GenerationPtr generation;
  bool asking = false;
  std::optional<State> last;
};

Health::Health(jobs::Engine& engine, HealthOptions options) : engine_(engine), options_(options) {
  engine_.attach(agenda_, "core", nullptr);
  auto timer = engine_.every(*agenda_, options_.interval, [this](jobs::JobId) {
    std::vector<std::shared_ptr<Watched>> all;
    {
      const std::lock_guard lock(mutex_);
      for (const auto& [id, watched] : watched_) all.push_back(watched);
    }
    for (const auto& watched : all) ask(watched);
  });
  if (!timer)
    log::error("The plugins will not be asked whether they are well.", {{"why", timer.error().message}});
}

Health::~Health() {
  engine_.detach(agenda_, std::chrono::seconds(10));
}

void Health::watch(const GenerationPtr& generation) {
  if (!STOA_HAS(stoa_plugin_desc, generation->desc, health) || !generation->desc->health) return;
  auto watched = std::make_shared<Watched>();
  watched->generation = generation;
  {
    const std::lock_guard lock(mutex_);
    watched_[generation->id] = watched;
  }
  ask(watched);
}

bool Health::forget(const Generation& generation, std::chrono::milliseconds deadline) {
  std::unique_lock lock(mutex_);
  const auto entry = watched_.find(generation.id);
  if (entry != watched_.end() && entry->second->generation.get() == &generation) watched_.erase(entry);
  return answered_.wait_for(lock, deadline, [&] { return asking_.find(&generation) == asking_.end(); });
}

std::optional<Health::State> Health::of(std::string_view plugin) const {
  const std::lock_guard lock(mutex_);
  const auto entry = watched_.find(plugin);
  return entry == watched_.end() ? std::nullopt : entry->second->last;
}

void Health::ask(const std::shared_ptr<Watched>& watched) {
  const Generation& generation = *watched->generation;
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(watched->asking, true)) return;  // it has not answered the last time yet
  }
  const auto call = [this, watched] {
    const Generation* one = watched->generation.get();
    {
      const std::lock_guard lock(mutex_);
      const auto entry = watched_.find(one->id);
      if (entry == watched_.end() || entry->second != watched) return;
      asking_.insert(one);
    }
    answer(*watched, asked(*one));
    {
      const std::lock_guard lock(mutex_);
      watched->asking = false;
      asking_.erase(one);
      answered_.notify_all();  // under the lock: who waits may be about to destroy this
    }
  };
  const auto late = [this, watched](bool started) {
    if (started) return answer(*watched, {false, "It does not answer."});
    const std::lock_guard lock(mutex_);
    watched->asking = false;
  };
  if (!engine_.submit("health of " + generation.id, call, options_.limit, late)) late(false);
}

void Health::answer(Watched& watched, State state) {
  const std::lock_guard lock(mutex_);
  const bool was_well = !watched.last || watched.last->ok;
  const std::string& id = watched.generation->id;
  if (was_well && !state.ok) log::warning("A plugin is not well.", {{"plugin", id}, {"why", state.detail}});
  if (!was_well && state.ok) log::info("A plugin is well again.", {{"plugin", id}});
  watched.last = std::move(state);
}

}  // namespace stoa::core::plugins
