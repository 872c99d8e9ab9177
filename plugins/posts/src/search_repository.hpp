// The full-text index. SQLite's FTS5; another database has statements and a migration of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model.hpp"
#include "stoa/storage.hpp"

namespace stoa::posts {

struct Hit {
  Kind kind = Kind::post;
  std::int64_t id = 0;
  PostId post;
  std::string title, slug;  // of the post
  UserId author;
  std::int64_t created_at = 0;
  std::string snippet;  // plain text, matches between ⟦ and ⟧
};

// Ids of one kind, newest first.
struct Candidates {
  std::int64_t below = kEnd;
  std::int64_t from = 0;
  std::int64_t limit = 20;
};

// Something to index, or to take out of the index.
struct Indexable {
  std::int64_t id = 0;
  std::string title;  // posts only
  std::string body;   // Markdown
  UserId author;
  std::string category_ids;
  bool deleted = false;
};

class SearchRepository {
 public:
  explicit SearchRepository(Tx& tx) : tx_(tx) {}

  // `match`: an FTS5 expression over the columns title (posts only), body and facts.
  Result<std::vector<std::int64_t>> search(Kind kind, std::string_view match, const Candidates& which);
  // Of the matches from one id to another, the newest first; without what is deleted. One run over the index:
  // asking for each hit by itself would begin that anew.
  Result<std::vector<Hit>> hits(Kind kind, std::string_view match, std::int64_t from, std::int64_t to);

  // The smallest id that was written at that time or later.
  Result<std::int64_t> first_at(Kind kind, std::int64_t time_ms);

  // ---- Keeping the index
  Result<std::vector<Indexable>> beyond(Kind kind, std::int64_t id, std::int64_t limit);
  Result<std::optional<Indexable>> find(Kind kind, std::int64_t id);
  Result<void> remove(Kind kind, std::int64_t id);
  Result<void> insert(Kind kind, std::int64_t id, std::string_view title, std::string_view text,
                      std::string_view facts);

  struct Stale {
    Kind kind = Kind::post;
    std::int64_t id = 0;
  };
  Result<std::vector<Stale>> stale(std::int64_t limit);
  Result<void> mark_stale(Kind kind, std::int64_t id);
  Result<void> mark_comments_stale(PostId post);
  Result<void> unmark(const Stale& stale);

 private:
  Tx& tx_;
};

}  // namespace stoa::posts
