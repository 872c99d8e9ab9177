#include "storage/group.hpp"

namespace stoa::core::storage {

void Group::begin(std::uint64_t head) {
  first_head_ = head_ = head;
  events_.clear();
  redactions_.clear();
  actions_.clear();
}

void Group::roll_back(const Mark& mark) {
  head_ = mark.head;
  events_.resize(mark.events);
  redactions_.resize(mark.redactions);
  actions_.resize(mark.actions);
}

void Group::redact(std::string owner, std::string subject) {
  redactions_.push_back({std::move(owner), std::move(subject), events_.size()});
}

std::vector<EventPtr> Group::take_events() {
  for (const Redaction& redaction : redactions_) {
    for (std::size_t i = 0; i < redaction.events; ++i) {
      Event& event = *events_[i];
      if (event.owner == redaction.owner && event.subject == redaction.subject) event.data = "{}";
    }
  }
  std::vector<EventPtr> result(events_.begin(), events_.end());
  events_.clear();
  return result;
}

}  // namespace stoa::core::storage
