#include "plugins/request.hpp"

#include "log/log.hpp"
#include "plugins/background.hpp"

namespace stoa::core::plugins {

namespace {

struct Running {
  stoa_request* request = nullptr;
  Handle handle = 0;
};
thread_local Running running;

}  // namespace

std::string_view current_request() {
  return running.request ? std::string_view(running.request->request_id) : std::string_view();
}

RequestScope::RequestScope(stoa_request& request) : handle_(request.owner ? new_handle(*request.owner) : 0) {
  running = {&request, handle_};
}
RequestScope::~RequestScope() {
  running = {};
}

stoa_request* request_of(const stoa_request* handle, std::string_view call) {
  if (handle && as_handle(handle) == running.handle) return running.request;
  stale(as_handle(handle), call);
  return nullptr;
}

std::string_view role_name(stoa_role role) {
  switch (role) {
    case STOA_ROLE_MEMBER: return "member";
    case STOA_ROLE_MODERATOR: return "moderator";
    case STOA_ROLE_ADMIN: return "admin";
    default: return "none";
  }
}

stoa_deferred Deferreds::add(RequestPtr request) {
  std::lock_guard lock(mutex_);
  const stoa_deferred token = next_++;
  waiting_.emplace(token, std::move(request));
  return token;
}

std::size_t Deferreds::size() const {
  std::lock_guard lock(mutex_);
  return waiting_.size();
}

RequestPtr Deferreds::take(stoa_deferred token, const Generation* owner) {
  std::lock_guard lock(mutex_);
  const auto found = waiting_.find(token);
  if (found == waiting_.end() || found->second->owner.get() != owner) return nullptr;
  RequestPtr request = std::move(found->second);
  waiting_.erase(found);
  return request;
}

void Deferreds::expire(std::chrono::steady_clock::time_point now) {
  std::vector<RequestPtr> late;
  {
    std::lock_guard lock(mutex_);
    for (auto entry = waiting_.begin(); entry != waiting_.end();) {
      if (entry->second->due() > now) {
        ++entry;
        continue;
      }
      late.push_back(std::move(entry->second));
      entry = waiting_.erase(entry);
    }
  }
  for (const RequestPtr& request : late) {
    if (!request->fail({ErrorCode::timeout, "This took too long."})) continue;
    log::warning("A deferred answer did not come before its deadline.",
                 {{"plugin", request->owner ? request->owner->id : "core"},
                  {"route", std::string(request->method) + " " + request->path},
                  {"request", request->request_id}});
    note_failure(request->owner, "late");
  }
}

void Deferreds::drop_all() {
  std::unordered_map<stoa_deferred, RequestPtr> all;
  {
    std::lock_guard lock(mutex_);
    all.swap(waiting_);
  }
  for (const auto& [token, request] : all) request->fail({ErrorCode::overloaded, "The forum is stopping."});
}

void Deferreds::drop(const Generation& owner) {
  std::vector<RequestPtr> dropped;
  {
    std::lock_guard lock(mutex_);
    for (auto entry = waiting_.begin(); entry != waiting_.end();) {
      if (entry->second->owner.get() != &owner) {
        ++entry;
        continue;
      }
      dropped.push_back(std::move(entry->second));
      entry = waiting_.erase(entry);
    }
  }
  for (const RequestPtr& request : dropped)
    request->fail({ErrorCode::overloaded, "This feature is stopping."});
}

}  // namespace stoa::core::plugins
