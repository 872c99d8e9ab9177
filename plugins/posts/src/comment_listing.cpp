// Reading: CommentService::list.
#include <algorithm>

#include "comment_repository.hpp"
#include "comment_service.hpp"
#include "post_repository.hpp"
#include "stoa/stoa.hpp"
#include "tags.hpp"

namespace stoa::posts {
namespace {

constexpr std::int64_t kOn = 0;
constexpr std::int64_t kBack = 1;

// Listed comments in one order, walked in both directions from an id.
class Walk {
 public:
  Walk(Tx& tx, const CommentQuery& query)
      : comments_(tx), post_(query.post), rising_(query.sort == CommentSort::old) {}

  // At most `limit` after `id` in the list's order; `more` tells whether there are others.
  Result<std::vector<Comment>> on(std::int64_t id, std::int64_t limit, bool& more) {
    return cut(rising_ ? comments_.rising(post_, id, limit + 1) : comments_.falling(post_, id, limit + 1),
               limit, more);
  }
  // The same before it, still in the list's order.
  Result<std::vector<Comment>> back(std::int64_t id, std::int64_t limit, bool& more) {
    auto items =
        cut(rising_ ? comments_.falling(post_, id, limit + 1) : comments_.rising(post_, id, limit + 1), limit,
            more);
    if (items) std::reverse(items->begin(), items->end());
    return items;
  }
  std::int64_t beginning() const { return rising_ ? 0 : kEnd; }
  // Just before the id, so that `on` begins with it.
  std::int64_t before(std::int64_t id) const { return rising_ ? id - 1 : id + 1; }

 private:
  static Result<std::vector<Comment>> cut(Result<std::vector<Comment>> items, std::int64_t limit,
                                          bool& more) {
    if (!items) return items;
    more = static_cast<std::int64_t>(items->size()) > limit;
    if (more) items->resize(static_cast<std::size_t>(limit));
    return items;
  }

  CommentRepository comments_;
  PostId post_;
  bool rising_;
};

Result<void> fill_around(Walk& walk, std::int64_t id, std::int64_t limit, CommentPage& page) {
  bool earlier = false;
  bool later = false;
  auto before = walk.back(id, limit / 2, earlier);
  if (!before) return before.error();
  const auto rest = limit - static_cast<std::int64_t>(before->size());
  auto after = walk.on(walk.before(id), rest, later);
  if (!after) return after.error();
  page.items = std::move(*before);
  std::move(after->begin(), after->end(), std::back_inserter(page.items));
  if (page.items.empty()) return {};
  if (later) page.next = Place{{kOn, page.items.back().id.value}};
  if (earlier) page.previous = Place{{kBack, page.items.front().id.value}};
  return {};
}

Result<void> fill_by_id(Tx& tx, const CommentQuery& query, CommentPage& page) {
  Walk walk(tx, query);
  if (query.around) return fill_around(walk, query.around->value, query.limit, page);
  const bool backward = query.place && query.place->keys[0] == kBack;
  const std::int64_t from = query.place ? query.place->keys[1] : walk.beginning();
  bool more = false;
  auto items = backward ? walk.back(from, query.limit, more) : walk.on(from, query.limit, more);
  if (!items) return items.error();
  page.items = std::move(*items);
  if (!more) return {};
  if (backward) {
    page.previous = Place{{kBack, page.items.front().id.value}};
  } else {
    page.next = Place{{kOn, page.items.back().id.value}};
  }
  return {};
}

Result<void> fill_top(Tx& tx, const CommentQuery& query, std::optional<Comment> around, CommentPage& page) {
  Place from = query.place.value_or(Place{{kEnd, kEnd}});
  if (around) from = {{around->score, around->id.value + 1}};
  auto items = CommentRepository(tx).top(query.post, from.keys[0], from.keys[1], query.limit + 1);
  if (!items) return items.error();
  page.items = std::move(*items);
  if (static_cast<std::int64_t>(page.items.size()) > query.limit) {
    page.items.resize(static_cast<std::size_t>(query.limit));
    page.next = Place{{page.items.back().score, page.items.back().id.value}};
  }
  return {};
}

}  // namespace

std::vector<std::string> CommentPage::tags(PostId post) const {
  std::vector<std::string> all{tag_of(post)};
  for (const auto& [id, profile] : names) all.push_back(tag_of(id));
  return all;
}

Result<CommentPage> CommentService::list(const CommentQuery& query) const {
  return tools_.storage.read([&](Tx& tx) -> Result<CommentPage> {
    const auto post = PostRepository(tx).find(query.post);
    if (!post) return post.error();
    if (!*post) return not_found("There is no such post.");
    std::optional<Comment> around;
    if (query.around) {
      auto found = CommentRepository(tx).find(*query.around);
      if (!found) return found.error();
      if (!*found || (*found)->post != query.post) return not_found("There is no such comment on this post.");
      around = std::move(*found);
    }

    CommentPage page;
    auto filled = query.sort == CommentSort::top ? fill_top(tx, query, std::move(around), page)
                                                 : fill_by_id(tx, query, page);
    if (!filled) return filled.error();
    std::vector<UserId> authors;
    for (Comment& comment : page.items) {
      if (comment.deleted_at) continue;
      authors.push_back(comment.author);
      refresh(tools_.people, comment.text);
    }
    auto names = tools_.people.named(std::move(authors));
    if (!names) return names.error();
    page.names = std::move(*names);
    const auto seq = tx.log_head();
    if (!seq) return seq.error();
    page.seq = *seq;
    return page;
  });
}

}  // namespace stoa::posts
