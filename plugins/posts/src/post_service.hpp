#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "post_json.hpp"
#include "writing.hpp"

namespace stoa::posts {

struct PostView {
  FullPost full;
  Surroundings around;
  std::uint64_t seq = 0;
};

// The post with its text and all that it shows. Error: not_found, also for a deleted one.
Result<PostView> view_post(Tx& tx, const People& people, PostId id);

// [worker] Posts, one at a time.
class PostService {
 public:
  explicit PostService(const Tools& tools) : tools_(tools) {}

  Result<PostView> get(PostId id) const;

  // Errors: validation (unknown category), rate_limited, conflict (what has this local_id was deleted).
  Result<Created<PostView>> create(const Actor& actor, const PostDraft& draft,
                                   const std::optional<std::string>& local_id) const;
  // What somebody has posted with that local_id before.
  Result<std::optional<PostView>> find_local(const Actor& actor, const std::string& local_id) const;

  // Errors: not_found, forbidden, precondition_failed with the present post, validation (unknown category).
  Result<PostView> change(const Actor& actor, PostId id, const PostChange& change) const;
  // Errors: not_found, forbidden.
  Result<void> remove(const Actor& actor, PostId id) const;
  // Errors: not_found, conflict (none of its categories is left).
  Result<PostView> restore(PostId id) const;

  struct Revisions {
    std::vector<Revision> items;  // the present text and those before it, newest first
    Names names;
    std::optional<std::int64_t> next;  // number of the last item, if there is more
    std::uint64_t seq = 0;
  };
  // Those below that number; absent: from the present one. Error: not_found.
  Result<Revisions> revisions(PostId id, std::optional<std::int64_t> below, std::int64_t limit) const;

 private:
  Result<void> forget_comments(PostId id) const;

  const Tools& tools_;
};

}  // namespace stoa::posts
