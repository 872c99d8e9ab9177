#include "backend.hpp"

#include <algorithm>

namespace stoa::core::realtime::testing {

FakeBackend::FakeBackend() : worker_([this] { work(); }) {}

FakeBackend::~FakeBackend() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  worker_.join();
}

EventPtr FakeBackend::add(std::vector<std::string> channels, std::string data, std::string type) {
  const std::lock_guard lock(mutex_);
  auto event = std::make_shared<const Event>(Event{.seq = head_ + 1,
                                                   .time_ms = 1'700'000'000'123,
                                                   .owner = "test",
                                                   .type = std::move(type),
                                                   .subject = {},
                                                   .channels = std::move(channels),
                                                   .data = std::move(data)});
  log_.push_back(event);
  head_ = event->seq;
  return event;
}

std::uint64_t FakeBackend::emit(std::vector<std::string> channels, std::string data, std::string type) {
  const std::lock_guard lock(order_);
  const EventPtr event = add(std::move(channels), std::move(data), std::move(type));
  hub->publish({event});
  return event->seq;
}

std::uint64_t FakeBackend::append(std::vector<std::string> channels, std::string data) {
  return add(std::move(channels), std::move(data), "test.event")->seq;
}

void FakeBackend::trim(std::uint64_t until) {
  const std::lock_guard lock(mutex_);
  trimmed_ = until;
}

std::vector<EventPtr> FakeBackend::log() {
  const std::lock_guard lock(mutex_);
  return log_;
}

void FakeBackend::set_verdict(const std::string& channel, Verdict verdict) {
  const std::lock_guard lock(mutex_);
  verdicts_[channel] = verdict;
}

void FakeBackend::hold(Kind kind) {
  const std::lock_guard lock(mutex_);
  holding_[kind] = true;
}

void FakeBackend::await_held(Kind kind, std::size_t count) {
  std::unique_lock lock(mutex_);
  const bool came =
      changed_.wait_for(lock, std::chrono::seconds(20), [&] { return held_[kind].size() >= count; });
  if (!came) throw std::runtime_error("the hub has not asked");
}

void FakeBackend::release(Kind kind) {
  const std::lock_guard lock(mutex_);
  holding_[kind] = false;
  for (auto& answer : std::exchange(held_[kind], {})) jobs_.push_back(std::move(answer));
  changed_.notify_all();
}

std::vector<std::pair<std::int64_t, Presence>> FakeBackend::presence_log() {
  const std::lock_guard lock(mutex_);
  return presences_;
}

std::vector<ClientOperation> FakeBackend::operations() {
  const std::lock_guard lock(mutex_);
  return operations_;
}

void FakeBackend::authenticate(std::string token, std::function<void(std::optional<Member>)> done) {
  run(kAuthenticate, [this, token, done] {
    const auto found = tokens.find(token);
    done(found == tokens.end() ? std::nullopt : std::optional(found->second));
  });
}

void FakeBackend::authorize(std::optional<Member>, std::vector<std::string> channels,
                            std::function<void(std::vector<Verdict>)> done) {
  std::vector<Verdict> verdicts;
  {
    // As it stands when asked: an answer that is held back is an old one.
    const std::lock_guard lock(mutex_);
    for (const std::string& channel : channels) {
      const auto found = verdicts_.find(channel);
      verdicts.push_back(found == verdicts_.end() ? Verdict::allowed : found->second);
    }
  }
  run(kAuthorize, [verdicts, done] { done(verdicts); });
}

void FakeBackend::operate(ClientOperation operation, std::function<void(std::string problem)> done) {
  const std::string refusal = operation.op == "refused" ? problem("conflict", "no") : std::string();
  {
    const std::lock_guard lock(mutex_);
    operations_.push_back(std::move(operation));
  }
  run(kOperate, [refusal, done] { done(refusal); });
}

void FakeBackend::replay(std::vector<std::string> channels, std::uint64_t since, std::uint64_t until,
                         std::size_t limit, std::function<void(Replay)> done) {
  ++replay_calls;
  run(kReplay, [this, channels, since, until, limit, done] {
    if (before_replay_answer) before_replay_answer();
    const std::size_t most = std::min<std::size_t>(limit, page_limit);
    Replay page;
    page.failed = replay_fails;
    {
      const std::lock_guard lock(mutex_);
      page.trimmed = since < trimmed_;
      for (auto at = since; at < std::min<std::uint64_t>(until, log_.size()) && !page.more; ++at) {
        const EventPtr& event = log_[at];
        const auto asked = [&](const std::string& channel) {
          return std::find(channels.begin(), channels.end(), channel) != channels.end();
        };
        if (std::none_of(event->channels.begin(), event->channels.end(), asked)) continue;
        if (page.events.size() == most) {
          page.more = true;
        } else {
          page.events.push_back(event);
        }
      }
    }
    done(std::move(page));
  });
}

void FakeBackend::presence_changed(std::int64_t user_id, Presence presence) {
  const std::lock_guard lock(mutex_);
  presences_.emplace_back(user_id, presence);
}

std::string FakeBackend::problem(std::string_view type, std::string_view detail) {
  std::string out = R"({"type":")";
  out += type;
  out += R"(","detail":")";
  for (const char c : detail) {
    if (c == '"') out += '\\';
    out += c;
  }
  out += "\"}";
  return out;
}

void FakeBackend::run(Kind kind, std::function<void()> job) {
  const std::lock_guard lock(mutex_);
  if (holding_[kind]) {
    held_[kind].push_back(std::move(job));
  } else {
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void FakeBackend::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return over_ || !jobs_.empty(); });
    if (over_) return;
    const auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    lock.lock();
  }
}

}  // namespace stoa::core::realtime::testing
