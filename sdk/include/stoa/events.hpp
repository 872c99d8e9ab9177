// What others did. Include stoa.hpp instead.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stoa/host.hpp"
#include "stoa/storage.hpp"

namespace stoa {

struct Event {
  std::uint64_t seq = 0;
  std::int64_t time_ms = 0;
  std::string_view owner, type, subject;
  std::string_view data;  // JSON; "{}" once redacted
};

namespace detail {

inline Event event(const stoa_event& e) {
  return Event{e.seq, e.time_ms, view(e.owner), view(e.type), view(e.subject), view(e.data)};
}

struct DurableCall {
  const Host* host;
  std::function<Result<void>(Tx&, const Event&)> apply;
  static stoa_status run(void* self, stoa_tx* c, const stoa_event* e) noexcept {
    auto& call = *static_cast<DurableCall*>(self);
    return contained(*call.host, "subscriber", [&] {
      Tx tx(*call.host, c);
      return call.apply(tx, event(*e));
    });
  }
};
struct LiveCall {
  const Host* host;
  std::function<void(const Event&)> apply;
  static stoa_status run(void* self, stoa_tx*, const stoa_event* e) noexcept {
    auto& call = *static_cast<LiveCall*>(self);
    return contained(*call.host, "subscriber", [&]() -> Result<void> {
      call.apply(event(*e));
      return {};
    });
  }
};

// [create] Durable: [writer], storage calls only, exactly once. Live: [jobs], best effort.
template <class App>
class Events {
 public:
  void subscribe_durable(std::string_view name, const std::vector<std::string>& types, bool from_oldest,
                         std::function<Result<void>(Tx&, const Event&)> apply) {
    auto& app = static_cast<App&>(*this);
    subscribe(name, types,
              STOA_SUBSCRIBE_DURABLE | (from_oldest ? std::uint32_t{STOA_SUBSCRIBE_FROM_OLDEST} : 0u),
              &DurableCall::run, &app.template own<DurableCall>(DurableCall{&app.host(), std::move(apply)}));
  }
  void subscribe_live(const std::vector<std::string>& types, std::function<void(const Event&)> apply) {
    auto& app = static_cast<App&>(*this);
    subscribe({}, types, 0, &LiveCall::run,
              &app.template own<LiveCall>(LiveCall{&app.host(), std::move(apply)}));
  }

 private:
  void subscribe(std::string_view name, const std::vector<std::string>& types, std::uint32_t flags,
                 stoa_status (*apply)(void*, stoa_tx*, const stoa_event*), void* self) {
    const Host& host = static_cast<App&>(*this).host();
    std::vector<stoa_str> all;
    for (const std::string& type : types) all.push_back(str(type));
    stoa_subscriber c{};
    c.size = sizeof c;
    c.flags = flags;
    c.name = str(name);
    c.types = all.data();
    c.type_count = all.size();
    c.apply = apply;
    c.self = self;
    host.require(host.events->subscribe(host.ctx, &c));
  }
};

}  // namespace detail

}  // namespace stoa
