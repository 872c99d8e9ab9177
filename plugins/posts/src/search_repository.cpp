#include "search_repository.hpp"

#include "posts_sql.hpp"
#include "statement.hpp"

namespace stoa::posts {
namespace {

std::string_view of(Kind kind, std::string_view post, std::string_view comment) {
  return kind == Kind::post ? post : comment;
}

template <class... P>
Result<std::vector<Indexable>> posts_to_index(Tx& tx, std::string_view statement, const P&... parameters) {
  return tx.query<std::int64_t, std::string, std::string, UserId, std::string, bool>(statement, parameters...)
      .template all_as<Indexable>();
}

template <class... P>
Result<std::vector<Indexable>> comments_to_index(Tx& tx, std::string_view statement, const P&... parameters) {
  std::vector<Indexable> all;
  auto read =
      tx.query<std::int64_t, std::string, UserId, std::string, bool>(statement, parameters...)
          .each([&](std::int64_t id, std::string body, UserId author, std::string categories, bool deleted) {
            all.push_back({id, {}, std::move(body), author, std::move(categories), deleted});
          });
  if (!read) return read.error();
  return all;
}

}  // namespace

Result<std::vector<std::int64_t>> SearchRepository::search(Kind kind, std::string_view match,
                                                           const Candidates& which) {
  std::vector<std::int64_t> ids;
  auto read = tx_.query<std::int64_t>(of(kind, sql::search_posts, sql::search_comments), match, which.below,
                                      which.from, which.limit)
                  .each([&](std::int64_t id) { ids.push_back(id); });
  if (!read) return read.error();
  return ids;
}

Result<std::vector<Hit>> SearchRepository::hits(Kind kind, std::string_view match, std::int64_t from,
                                                std::int64_t to) {
  std::vector<Hit> hits;
  auto read = tx_.query<std::int64_t, PostId, std::string, std::string, UserId, std::int64_t, std::string>(
                     of(kind, sql::found_posts, sql::found_comments), match, from, to)
                  .each([&](std::int64_t own, PostId post, std::string title, std::string slug, UserId author,
                            std::int64_t created, std::string snippet) {
                    hits.push_back({kind, own, post, std::move(title), std::move(slug), author, created,
                                    std::move(snippet)});
                  });
  if (!read) return read.error();
  return hits;
}

// Ids rise with time, so a search by halves needs no index of times.
Result<std::int64_t> SearchRepository::first_at(Kind kind, std::int64_t time_ms) {
  const auto last = exactly(tx_.query<std::int64_t>(of(kind, sql::last_post_id, sql::last_comment_id)));
  if (!last) return last;
  std::int64_t low = 1;
  std::int64_t high = *last + 1;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    const auto row =
        tx_.query<std::int64_t, std::int64_t>(of(kind, sql::time_of_post, sql::time_of_comment), middle)
            .first();
    if (!row) return row.error();
    if (!*row || std::get<1>(**row) >= time_ms) {
      high = middle;
    } else {
      low = std::get<0>(**row) + 1;
    }
  }
  return low;
}

Result<std::vector<Indexable>> SearchRepository::beyond(Kind kind, std::int64_t id, std::int64_t limit) {
  if (kind == Kind::post) return posts_to_index(tx_, sql::posts_to_index, id, limit);
  return comments_to_index(tx_, sql::comments_to_index, id, limit);
}

Result<std::optional<Indexable>> SearchRepository::find(Kind kind, std::int64_t id) {
  auto found = kind == Kind::post ? posts_to_index(tx_, sql::post_to_index, id)
                                  : comments_to_index(tx_, sql::comment_to_index, id);
  if (!found) return found.error();
  if (found->empty()) return std::optional<Indexable>();
  return std::optional<Indexable>(std::move(found->front()));
}

Result<void> SearchRepository::remove(Kind kind, std::int64_t id) {
  return done(tx_.exec(of(kind, sql::unindex_post, sql::unindex_comment), id));
}

Result<void> SearchRepository::insert(Kind kind, std::int64_t id, std::string_view title,
                                      std::string_view text, std::string_view facts) {
  if (kind == Kind::post) return done(tx_.exec(sql::index_post, id, title, text, facts));
  return done(tx_.exec(sql::index_comment, id, text, facts));
}

Result<std::vector<SearchRepository::Stale>> SearchRepository::stale(std::int64_t limit) {
  return tx_.query<Kind, std::int64_t>(sql::list_stale, limit).all_as<Stale>();
}

Result<void> SearchRepository::mark_stale(Kind kind, std::int64_t id) {
  return done(tx_.exec(sql::mark_stale, kind, id));
}

Result<void> SearchRepository::mark_comments_stale(PostId post) {
  return done(tx_.exec(sql::mark_comments_stale, post));
}

Result<void> SearchRepository::unmark(const Stale& stale) {
  return done(tx_.exec(sql::delete_stale, stale.kind, stale.id));
}

}  // namespace stoa::posts
