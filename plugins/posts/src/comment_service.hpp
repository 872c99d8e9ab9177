#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "people.hpp"
#include "stoa/list.hpp"
#include "writing.hpp"

namespace stoa::posts {

enum class CommentSort { old, fresh, top };

// Places: old and fresh direction (0 on, 1 back), id; top score, id.
inline constexpr std::size_t kCommentPlaceKeys = 2;

struct CommentQuery {
  PostId post;
  CommentSort sort = CommentSort::old;
  std::optional<Place> place = {};
  // The page holds that comment, or begins where it would stand; wins over `place`.
  std::optional<CommentId> around = {};
  std::int64_t limit = 20;
};

struct CommentPage {
  std::vector<Comment> items;
  Names names;
  std::optional<Place> next = {}, previous = {};
  std::uint64_t seq = 0;

  // What a cached answer made of it shows.
  std::vector<std::string> tags(PostId post) const;
};

struct CommentView {
  Comment comment;
  Names names;
};

// [worker] Answers to posts and to each other.
class CommentService {
 public:
  explicit CommentService(const Tools& tools) : tools_(tools) {}

  // Error: not_found, for the post, or a comment to show around that never was one of it.
  Result<CommentPage> list(const CommentQuery& query) const;

  // Errors: not_found, conflict (the post is locked, the parent or what has this local_id is deleted),
  // validation (the parent belongs elsewhere), rate_limited.
  Result<Created<CommentView>> create(const Actor& actor, PostId post, const CommentDraft& draft,
                                      const std::optional<std::string>& local_id) const;
  // What somebody has written with that local_id before.
  Result<std::optional<CommentView>> find_local(const Actor& actor, const std::string& local_id) const;

  // Errors: not_found, forbidden, precondition_failed with the present comment.
  Result<CommentView> change(const Actor& actor, CommentId id, const std::string& body,
                             std::int64_t revision) const;
  // Errors: not_found, forbidden.
  Result<void> remove(const Actor& actor, CommentId id) const;

 private:
  const Tools& tools_;
};

}  // namespace stoa::posts
