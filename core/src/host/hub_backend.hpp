// What the realtime hub asks of the host: identity, channel owners, the event log. Plugin code runs on
// workers.
#pragma once

#include <functional>
#include <string>

#include "plugins/call.hpp"
#include "plugins/snapshot.hpp"
#include "realtime/hub.hpp"
#include "storage/database.hpp"
#include "work/pool.hpp"

namespace stoa::core::host {

class HubBackend final : public realtime::Backend {
 public:
  HubBackend(bool private_forum, storage::Database& database, work::Pool& pool,
             std::function<plugins::SnapshotPtr()> snapshot)
      : private_forum_(private_forum), database_(database), pool_(pool), snapshot_(std::move(snapshot)) {}

  void authenticate(std::string token, std::function<void(std::optional<realtime::Member>)> done) override;
  void authorize(std::optional<realtime::Member> member, std::vector<std::string> channels,
                 std::function<void(std::vector<realtime::Verdict>)> done) override;
  void operate(realtime::ClientOperation operation, std::function<void(std::string problem)> done) override;
  void replay(std::vector<std::string> channels, std::uint64_t since, std::uint64_t until, std::size_t limit,
              std::function<void(Replay)> done) override;
  std::uint64_t head() override { return database_.head(); }
  void presence_changed(std::int64_t user_id, realtime::Presence presence) override;
  std::string problem(std::string_view type, std::string_view detail) override;

 private:
  // The channel as claimed now, its owner held; null: nobody claims it.
  struct HeldChannel {
    plugins::SnapshotPtr snapshot;
    const plugins::Snapshot::Channel* channel = nullptr;
    plugins::Call call;
  };
  HeldChannel hold_channel(const std::string& name) const;
  realtime::Verdict verdict(const std::optional<realtime::Member>& member, const std::string& channel) const;
  const bool private_forum_;
  storage::Database& database_;
  work::Pool& pool_;
  const std::function<plugins::SnapshotPtr()> snapshot_;
};

}  // namespace stoa::core::host
