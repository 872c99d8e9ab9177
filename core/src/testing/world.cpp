#include "testing/world.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace stoa::core::testing {

namespace {

constexpr int kAttempts = 5;
constexpr std::chrono::seconds kPatience{30};

bool wants(const std::vector<std::string>& types, std::string_view type) {
  return std::any_of(types.begin(), types.end(), [&](std::string_view wanted) {
    if (wanted == type) return true;
    return wanted.size() > 2 && wanted.substr(wanted.size() - 2) == ".*" &&
           type.substr(0, wanted.size() - 1) == wanted.substr(0, wanted.size() - 1);
  });
}

}  // namespace

void World::fill(void* out, std::size_t count) {
  std::lock_guard lock(mutex_);
  auto* bytes = static_cast<unsigned char*>(out);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<unsigned char>(random_());
}

void World::log(std::string_view line) {
  std::lock_guard lock(mutex_);
  logs_.emplace_back(line);
}

std::vector<std::string> World::logs() const {
  std::lock_guard lock(mutex_);
  return logs_;
}

bool World::withheld(std::string_view service) const {
  std::lock_guard lock(mutex_);
  return withheld_.count(service) > 0;
}

void World::withhold(std::string service, bool gone) {
  std::lock_guard lock(mutex_);
  if (gone) {
    withheld_.insert(std::move(service));
  } else {
    withheld_.erase(service);
  }
}

void FaultyDatabase::fail_writes(Error error, int count) {
  std::lock_guard lock(mutex_);
  write_fault_ = {std::move(error), count};
}

void FaultyDatabase::fail_reads(Error error, int count) {
  std::lock_guard lock(mutex_);
  read_fault_ = {std::move(error), count};
}

std::optional<Error> FaultyDatabase::fault(Fault& fault, std::string_view owner) {
  std::lock_guard lock(mutex_);
  if (owner == "core" || fault.left <= 0) return std::nullopt;
  --fault.left;
  return fault.error;
}

Result<void> FaultyDatabase::read(std::string_view owner,
                                  const std::function<Result<void>(storage::Transaction&)>& work) {
  if (auto error = fault(read_fault_, owner)) return *error;
  return real_->read(owner, work);
}

void FaultyDatabase::write(std::string owner, Work work, Done done, bool low_priority) {
  if (auto error = fault(write_fault_, owner)) return done(*error);
  real_->write(std::move(owner), std::move(work), std::move(done), low_priority);
}

Result<std::shared_ptr<void>> FaultyDatabase::subscribe(Durable subscriber) {
  auto follower = std::make_shared<Follower>();
  follower->owner = subscriber.owner;
  follower->types = subscriber.types;
  follower->first = subscriber.from_oldest ? 0 : real_->head() + 1;
  subscriber.apply = [this, follower, apply = std::move(subscriber.apply)](storage::Transaction& transaction,
                                                                           const Event& event) {
    auto applied = apply(transaction, event);
    std::lock_guard lock(mutex_);
    follower->failures = applied ? 0 : follower->failing == event.seq ? follower->failures + 1 : 1;
    follower->failing = event.seq;
    if (applied || follower->failures >= kAttempts) follower->done = std::max(follower->done, event.seq);
    return applied;
  };
  auto handle = real_->subscribe(std::move(subscriber));
  if (handle) {
    std::lock_guard lock(mutex_);
    followers_.push_back(follower);
  }
  return handle;
}

bool FaultyDatabase::settled(const std::vector<EventPtr>& log) const {
  std::lock_guard lock(mutex_);
  for (const auto& weak : followers_) {
    const auto follower = weak.lock();
    if (!follower) continue;
    for (const EventPtr& event : log) {
      if (event->seq >= follower->first && event->seq > follower->done && event->owner != follower->owner &&
          wants(follower->types, event->type))
        return false;
    }
  }
  return true;
}

bool FaultyDatabase::settle(const std::function<std::vector<EventPtr>()>& log) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!settled(log())) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  // What was applied is committed once a later write is.
  return real_->write("core", [](storage::Transaction&) { return Result<void>(); }).has_value();
}

}  // namespace stoa::core::testing
