#include "search_service.hpp"

#include <algorithm>

#include "category_repository.hpp"
#include "stoa/stoa.hpp"

namespace stoa::posts {
namespace {

// The facts every match must have; none: no match is possible.
Result<std::optional<std::string>> wanted_facts(Tx& tx, const People& people, const SearchQuery& query) {
  std::string facts;
  const auto need = [&](const std::string& fact) {
    facts += (facts.empty() ? "facts : \"" : " AND facts : \"") + fact + "\"";
  };
  if (query.author) {
    const auto author = people.by_nickname(*query.author);
    if (!author) return author.error();
    if (!*author) return std::optional<std::string>();
    need("a" + std::to_string((*author)->id.value));
  }
  if (query.category) {
    const auto category = CategoryRepository(tx).find(*query.category);
    if (!category) return category.error();
    if (!*category) return std::optional<std::string>();
    need("c" + std::to_string((*category)->id.value));
  }
  return std::optional<std::string>(std::move(facts));
}

std::string expression(const SearchQuery& query, Kind kind, const std::string& facts) {
  if (query.words.empty()) return facts;
  const std::string columns = kind == Kind::comment ? "body" : query.in_title ? "title" : "{title body}";
  return columns + " : (" + query.words + ")" + (facts.empty() ? "" : " AND " + facts);
}

// Matches of one kind, and how far the next page may skip.
class Source {
 public:
  Source(SearchRepository& search, Kind kind, std::string match)
      : search_(search), kind_(kind), match_(std::move(match)) {}

  Result<void> load(const SearchQuery& query, std::int64_t below, std::int64_t limit) {
    below_ = below;
    Candidates which{.below = below, .limit = limit};
    if (query.before) {
      const auto end = search_.first_at(kind_, *query.before);
      if (!end) return end.error();
      which.below = std::min(below, *end);
    }
    if (query.after) {
      const auto from = search_.first_at(kind_, *query.after);
      if (!from) return from.error();
      which.from = *from;
    }
    const auto ids = search_.search(kind_, match_, which);
    if (!ids) return ids.error();
    full_ = static_cast<std::int64_t>(ids->size()) == limit;
    if (!ids->empty()) last_ = ids->back();
    if (ids->empty()) return {};
    auto hits = search_.hits(kind_, match_, ids->back(), ids->front());
    if (!hits) return hits.error();
    hits_ = std::move(*hits);
    return {};
  }
  Kind kind() const { return kind_; }
  const Hit* front() const { return taken_ < hits_.size() ? &hits_[taken_] : nullptr; }
  Hit take() {
    below_ = hits_[taken_].id;
    return std::move(hits_[taken_++]);
  }
  // Where to go on; 0: nothing is left.
  std::int64_t next() const {
    if (front()) return below_;
    return full_ ? last_ : 0;
  }

 private:
  SearchRepository& search_;
  Kind kind_;
  std::string match_;
  std::vector<Hit> hits_;
  std::size_t taken_ = 0;
  std::int64_t below_ = kEnd;
  std::int64_t last_ = 0;
  bool full_ = false;
};

}  // namespace

Result<SearchPage> SearchService::search(const SearchRequest& request) const {
  tools_.settle_index();
  return tools_.storage.read([&](Tx& tx) -> Result<SearchPage> {
    SearchPage page;
    const auto facts = wanted_facts(tx, tools_.people, request.query);
    if (!facts) return facts.error();
    if (!*facts || request.query.empty()) return page;

    SearchRepository search(tx);
    std::vector<Source> sources;
    const Place after = request.after.value_or(Place{{kEnd, kEnd}});
    const auto open = [&](Kind kind, std::int64_t below) -> Result<void> {
      if (below <= 0) return {};
      sources.emplace_back(search, kind, expression(request.query, kind, **facts));
      return sources.back().load(request.query, below, request.limit);
    };
    if (request.posts) {
      if (auto done = open(Kind::post, after.keys[0]); !done) return done.error();
    }
    if (request.comments && !request.query.in_title) {
      if (auto done = open(Kind::comment, after.keys[1]); !done) return done.error();
    }
    const auto newest = [&]() -> Source* {
      Source* best = nullptr;
      for (Source& source : sources) {
        if (source.front() && (!best || source.front()->created_at > best->front()->created_at))
          best = &source;
      }
      return best;
    };
    Place next{{0, 0}};
    while (static_cast<std::int64_t>(page.items.size()) < request.limit) {
      Source* source = newest();
      if (!source) break;
      page.items.push_back(source->take());
    }
    for (const Source& source : sources) next.keys[source.kind() == Kind::post ? 0 : 1] = source.next();
    if (next.keys[0] > 0 || next.keys[1] > 0) page.next = next;

    std::vector<UserId> authors;
    for (const Hit& hit : page.items) authors.push_back(hit.author);
    auto names = tools_.people.named(std::move(authors));
    if (!names) return names.error();
    page.names = std::move(*names);
    return page;
  });
}

}  // namespace stoa::posts
