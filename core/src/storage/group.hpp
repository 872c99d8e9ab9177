// What one commit of the writer gathers beside the changes themselves. Writer thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "storage/event.hpp"

namespace stoa::core::storage {

class Group {
 public:
  // How far it had come when a savepoint was set.
  struct Mark {
    std::uint64_t head;
    std::size_t events, redactions, actions;
  };

  // `head`: the log's last seq as the database has it.
  void begin(std::uint64_t head);
  Mark mark() const { return {head_, events_.size(), redactions_.size(), actions_.size()}; }
  void roll_back(const Mark& mark);

  std::uint64_t first_head() const { return first_head_; }
  std::uint64_t head() const { return head_; }
  std::uint64_t next_seq() { return ++head_; }
  void add(std::shared_ptr<Event> event) { events_.push_back(std::move(event)); }
  // Events of the group itself are not in the log's past yet: they are emptied before they are published.
  void redact(std::string owner, std::string subject);
  void add_action(std::function<void()> action) { actions_.push_back(std::move(action)); }

  std::vector<EventPtr> take_events();
  std::vector<std::function<void()>> take_actions() { return std::move(actions_); }

 private:
  struct Redaction {
    std::string owner, subject;
    std::size_t events;  // those before it
  };
  std::uint64_t first_head_ = 0, head_ = 0;
  std::vector<std::shared_ptr<Event>> events_;
  std::vector<Redaction> redactions_;
  std::vector<std::function<void()>> actions_;
};

}  // namespace stoa::core::storage
