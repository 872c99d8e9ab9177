#include "validate/watch.hpp"

#include <algorithm>
#include <cstring>

#include "http/utf8.hpp"
#include "plugins/boundary.hpp"

namespace stoa::core::validate {

namespace {

Watch* the_watch = nullptr;

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kMoment{50};

thread_local stoa_job running = 0;
thread_local Clock::time_point running_since;

std::string_view status_name(stoa_status status) {
  switch (status) {
    case STOA_E_UNSUPPORTED: return "STOA_E_UNSUPPORTED";
    case STOA_E_INTERNAL: return "STOA_E_INTERNAL";
    case STOA_E_STALE: return "STOA_E_STALE";
    case STOA_E_WRONG_THREAD: return "STOA_E_WRONG_THREAD";
    case STOA_E_ARGUMENT: return "STOA_E_ARGUMENT";
    case STOA_E_FORBIDDEN: return "STOA_E_FORBIDDEN";
    default: return "an error";
  }
}

// Statuses that only a mistake of the caller brings about. What storage forbids is another's table.
bool is_mistake(std::string_view call, stoa_status status) {
  const bool storage = call.substr(0, 8) == "storage.";
  // A timer may have run meanwhile, which nobody can know.
  if (call == "jobs.cancel" && status == STOA_E_STALE) return false;
  return status == STOA_E_STALE || status == STOA_E_WRONG_THREAD || status == STOA_E_ARGUMENT ||
         (status == STOA_E_INTERNAL && call != "hooks.fire") ||
         (status == STOA_E_FORBIDDEN && storage && call != "storage.read" && call != "storage.write");
}

const void* get(stoa_ctx* ctx, stoa_str id, std::uint32_t min_size) {
  Watch* watch = Watch::active();
  if (!watch->valid("host.get", ctx)) return nullptr;
  const std::string_view name = stoa::detail::view(id);
  const void* whole = plugins::host_table()->get(ctx, id, min_size);
  return watch->table(name, whole, min_size);
}

void set_error(stoa_ctx* ctx, const stoa_error* error) {
  Watch* watch = Watch::active();
  if (!watch->valid("host.set_error", ctx)) return;
  if (error->size == 0) watch->fault("host.set_error was given a stoa_error of size 0");
  watch->text("host.set_error", error->message);
  plugins::host_table()->set_error(ctx, error);
}

void last_error(stoa_ctx* ctx, void* self, void (*accept)(void*, const stoa_error*)) {
  if (Watch::active()->valid("host.last_error", ctx)) plugins::host_table()->last_error(ctx, self, accept);
}

}  // namespace

Run::Run(stoa_job job) {
  running = job;
  running_since = Clock::now();
}
Run::~Run() {
  running = 0;
}
std::optional<bool> Run::stopping(stoa_job job) {
  if (running == 0 || running != job) return std::nullopt;
  return Clock::now() - running_since > kMoment;
}

Watch::Watch(Teller& teller) : teller_(teller) {
  host_ = *plugins::host_table();
  host_.get = &get;
  host_.set_error = &set_error;
  host_.last_error = &last_error;
}
Watch& Watch::start(Teller& teller) {
  the_watch = new Watch(teller);
  return *the_watch;
}
Watch* Watch::active() {
  return the_watch;
}

const stoa_host* Watch::host() {
  return &host_;
}

void Watch::truncate(std::string id, std::uint32_t size) {
  std::lock_guard lock(mutex_);
  sizes_[std::move(id)] = size;
}

void Watch::restore() {
  std::lock_guard lock(mutex_);
  sizes_.clear();
}

void Watch::fail_at(std::uint64_t n) {
  failable_ = 0;
  injected_ = false;
  fail_at_ = n;
}

bool Watch::fails(const char* call) {
  if (++failable_ != fail_at_) return false;
  injected_ = true;
  teller_.under(std::string(", after ") + call + " failed");
  return true;
}

void Watch::begin(const plugins::Generation& generation) {
  std::lock_guard lock(mutex_);
  generations_.insert(&generation);
}
void Watch::end(const plugins::Generation& generation) {
  std::lock_guard lock(mutex_);
  generations_.erase(&generation);
  timers_.clear();
  queues_.clear();
}

void Watch::add_queue(std::string name, const Queue& queue) {
  std::lock_guard lock(mutex_);
  queues_[std::move(name)] = queue;
}
std::map<std::string, Queue> Watch::queues() {
  std::lock_guard lock(mutex_);
  return queues_;
}
void Watch::add_timer(const Timer& timer) {
  std::lock_guard lock(mutex_);
  timers_[timer.job] = timer;
}
void Watch::drop_timer(stoa_job job) {
  std::lock_guard lock(mutex_);
  timers_.erase(job);
}
std::vector<Timer> Watch::take_timers() {
  std::lock_guard lock(mutex_);
  std::vector<Timer> out;
  for (const auto& [job, timer] : timers_) out.push_back(timer);
  timers_.clear();
  return out;
}

void Watch::open(const void* handle, bool this_thread_only) {
  std::lock_guard lock(mutex_);
  handles_[handle] = this_thread_only ? std::this_thread::get_id() : std::thread::id();
}
void Watch::close(const void* handle) {
  std::lock_guard lock(mutex_);
  handles_.erase(handle);
}

bool Watch::valid(const char* call, const void* handle) {
  std::lock_guard lock(mutex_);
  const auto found = handles_.find(handle);
  if (found == handles_.end()) {
    teller_.fault(std::string(call) + " was called with a handle that has ended");
    return false;
  }
  if (found->second == std::thread::id() || found->second == std::this_thread::get_id()) return true;
  teller_.fault(std::string(call) + " was called on another thread than its handle belongs to");
  return false;
}

bool Watch::valid(const char* call, const stoa_ctx* ctx) {
  std::lock_guard lock(mutex_);
  if (generations_.count(ctx)) return true;
  teller_.fault(std::string(call) + " was called after destroy, or with a ctx that is not the plugin's");
  return false;
}

void Watch::returned(const char* call, stoa_status status) {
  // An error that was made here has its consequences.
  if (status == STOA_OK || injected_ || !is_mistake(call, status)) return;
  std::string message;
  plugins::host_table()->last_error(nullptr, &message, [](void* self, const stoa_error* error) {
    *static_cast<std::string*>(self) = stoa::detail::view(error->message);
  });
  teller_.fault(std::string(call) + " gave " + std::string(status_name(status)) +
                (message.empty() ? "" : ": " + message));
}

void Watch::text(const char* call, stoa_str text) {
  if (!text.ptr && text.len > 0)
    teller_.fault(std::string(call) + " was given text of " + std::to_string(text.len) + " bytes at NULL");
  const std::string_view given = stoa::detail::view(text);
  if (!http::is_utf8(given)) teller_.fault(std::string(call) + " was given text that is not UTF-8");
}

void Watch::fault(const std::string& sentence) {
  teller_.fault(sentence);
}

void Watch::logged(std::string line) {
  std::lock_guard lock(mutex_);
  logged_ = std::move(line);
}
std::string Watch::take_logged() {
  std::lock_guard lock(mutex_);
  return std::exchange(logged_, {});
}

const void* Watch::table(std::string_view id, const void* whole, std::uint32_t min_size) {
  std::lock_guard lock(mutex_);
  std::uint32_t size = 0;
  const void* watched = watched_table(id, size);
  const auto cut = sizes_.find(id);
  if (cut == sizes_.end()) return whole && watched ? watched : whole;
  if (!watched || cut->second < min_size || cut->second == 0) return nullptr;
  std::string& bytes = truncated_[std::string(id)];
  bytes.assign(size, '\0');
  std::memcpy(bytes.data(), watched, cut->second);
  std::memcpy(bytes.data(), &cut->second, sizeof cut->second);
  return bytes.data();
}

}  // namespace stoa::core::validate
