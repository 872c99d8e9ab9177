#include "realtime/channels.hpp"

#include <algorithm>

namespace stoa::core::realtime {

Membership* Subscriber::membership(std::string_view channel) const {
  for (const auto& membership : memberships_) {
    if (membership->channel->name == channel) return membership.get();
  }
  return nullptr;
}

Membership& Channels::join(Subscriber& subscriber, std::string_view channel) {
  if (Membership* present = subscriber.membership(channel)) return *present;
  auto found = channels_.find(channel);
  if (found == channels_.end()) {
    auto created = std::make_unique<Channel>(Channel{.name = std::string(channel), .members = {}});
    const std::string_view name = created->name;
    found = channels_.emplace(name, std::move(created)).first;
    size_.store(channels_.size(), std::memory_order_relaxed);
  }
  Channel& joined = *found->second;
  auto& membership = *subscriber.memberships_.emplace_back(std::make_unique<Membership>());
  membership.channel = &joined;
  membership.subscriber = &subscriber;
  membership.place = static_cast<std::uint32_t>(joined.members.size());
  membership.serial = ++next_serial_;
  joined.members.push_back(&membership);
  return membership;
}

void Channels::leave(Membership& membership) {
  Channel& channel = *membership.channel;
  channel.members[membership.place] = channel.members.back();
  channel.members[membership.place]->place = membership.place;
  channel.members.pop_back();
  if (channel.members.empty()) {
    const auto kept = channels_.extract(channel.name);
    size_.store(channels_.size(), std::memory_order_relaxed);
    static_cast<void>(kept);
  }
  auto& own = membership.subscriber->memberships_;
  const auto is_it = [&](const auto& other) { return other.get() == &membership; };
  own.erase(std::find_if(own.begin(), own.end(), is_it));
}

const Channel* Channels::find(std::string_view channel) const {
  const auto found = channels_.find(channel);
  return found == channels_.end() ? nullptr : found->second.get();
}

std::vector<const Channel*> Channels::beginning_with(std::string_view prefix) const {
  std::vector<const Channel*> out;
  for (const auto& [name, channel] : channels_) {
    if (name.starts_with(prefix)) out.push_back(channel.get());
  }
  return out;
}

void Audience::assign(const Channels& channels, const Event& event) {
  ++round_;
  targets_.clear();
  found_.clear();
  used_ = 0;
  add_set(0, {});
  for (std::size_t i = 0; i < event.channels.size(); ++i) {
    const std::string& name = event.channels[i];
    const Channel* channel = channels.find(name);
    if (!channel || std::find(event.channels.begin(), event.channels.begin() + static_cast<long>(i), name) !=
                        event.channels.begin() + static_cast<long>(i)) {
      continue;
    }
    with_.assign(used_, 0);
    for (const Membership* membership : channel->members) {
      if (event.seq <= membership->live_from) continue;
      Subscriber& subscriber = *membership->subscriber;
      if (subscriber.audience_round_ != round_) {
        subscriber.audience_round_ = round_;
        subscriber.audience_set_ = 0;
        found_.push_back(&subscriber);
      }
      const std::uint32_t base = subscriber.audience_set_;
      if (with_[base] == 0) with_[base] = add_set(base, name);
      subscriber.audience_set_ = with_[base];
    }
  }
  targets_.reserve(found_.size());
  for (Subscriber* subscriber : found_) targets_.push_back({subscriber, subscriber->audience_set_});
}

std::uint32_t Audience::add_set(std::uint32_t base, std::string_view channel) {
  if (used_ == sets_.size()) sets_.emplace_back();
  const auto set = static_cast<std::uint32_t>(used_++);
  if (set == 0) {
    sets_[set].clear();
    return set;
  }
  sets_[set] = sets_[base];
  sets_[set].push_back(channel);
  return set;
}

}  // namespace stoa::core::realtime
