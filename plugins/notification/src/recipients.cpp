#include "recipients.hpp"

#include <algorithm>

namespace stoa::notification {
namespace {

// Collects types for each person but one, in the order of the calls.
class Collector {
 public:
  explicit Collector(UserId author) : author_(author) {}

  void add(UserId user, Type type) {
    if (!user || user == author_) return;
    auto found = std::find_if(out_.begin(), out_.end(), [&](const Recipient& r) { return r.user == user; });
    if (found == out_.end()) found = out_.insert(out_.end(), {user, {}});
    if (std::find(found->types.begin(), found->types.end(), type) == found->types.end())
      found->types.push_back(type);
  }
  std::vector<Recipient> take() { return std::move(out_); }

 private:
  UserId author_;
  std::vector<Recipient> out_;
};

}  // namespace

std::vector<Recipient> recipients_of(const CommentFacts& comment, const std::vector<UserId>& watchers) {
  Collector people(comment.author);
  for (UserId user : comment.mentions) people.add(user, Type::mention);
  people.add(comment.parent_author, Type::reply);
  people.add(comment.post_author, Type::comment);
  std::vector<Recipient> out = people.take();
  // There may be many watchers: each is looked for among the few above only.
  const auto named = static_cast<std::ptrdiff_t>(out.size());
  for (UserId watcher : watchers) {
    if (!watcher || watcher == comment.author) continue;
    const auto end = out.begin() + named;
    const auto found = std::find_if(out.begin(), end, [&](const Recipient& r) { return r.user == watcher; });
    if (found == end) {
      out.push_back({watcher, {Type::comment}});
    } else if (std::find(found->types.begin(), found->types.end(), Type::comment) == found->types.end()) {
      found->types.push_back(Type::comment);
    }
  }
  return out;
}

std::vector<Recipient> mentioned_by(UserId author, const std::vector<UserId>& mentions) {
  Collector people(author);
  for (UserId user : mentions) people.add(user, Type::mention);
  return people.take();
}

}  // namespace stoa::notification
