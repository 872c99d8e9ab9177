// What the plugin is about. Times are milliseconds since 1970.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "ids.hpp"
#include "stoa/id.hpp"

namespace stoa::posts {

// Above every id, time and score: where lists in falling order begin.
inline constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max();

enum class Kind : std::int64_t { post = 1, comment = 2 };

// Who acts, and whether as a moderator.
struct Actor {
  UserId id;
  bool moderator = false;
};

struct Category {
  CategoryId id;
  std::string slug, name, description;
  std::string color;  // "#rrggbb"
  std::int64_t position = 0;
  std::int64_t post_count = 0;
};

// A new category, or what changes of one: absent members stay as they are.
struct CategoryChange {
  std::optional<std::string> slug = {}, name = {}, description = {}, color = {};
  std::optional<std::int64_t> position = {};
};

// A post as lists show it. Members in the order of the view posts_summary.
struct Post {
  PostId id;
  std::string slug, title, excerpt;
  UserId author;
  std::string category_ids;  // see stored_lists.hpp
  std::string tags;
  std::int64_t comment_count = 0;
  std::int64_t likes = 0;
  std::int64_t dislikes = 0;
  std::int64_t score = 0;
  std::int64_t created_at = 0;
  std::int64_t last_activity_at = 0;
  std::optional<std::int64_t> edited_at = {};
  bool pinned = false;
  bool locked = false;
  std::int64_t revision = 0;
};

struct Text {
  std::int64_t renderer = 0;  // version of the renderer that made html
  std::string body;           // Markdown
  std::string html;
};

struct FullPost {
  Post post;
  Text text;
};

// What somebody wants to post.
struct PostDraft {
  std::string title, body;
  std::vector<CategoryId> categories;
  std::vector<std::string> tags;
};

struct PostChange {
  std::optional<std::string> title = {}, body = {};
  std::optional<std::vector<CategoryId>> categories = {};
  std::optional<std::vector<std::string>> tags = {};
  std::optional<bool> pinned = {}, locked = {};
  std::int64_t revision = 0;  // that was read

  bool of_text() const { return title || body || categories || tags; }
};

// Members in the order of the statements' columns.
struct Comment {
  CommentId id;
  PostId post;
  std::optional<CommentId> parent = {};
  std::int64_t depth = 0;  // 0: answers the post
  UserId author;
  std::int64_t likes = 0;
  std::int64_t dislikes = 0;
  std::int64_t score = 0;
  std::int64_t reply_count = 0;  // listed answers
  std::int64_t created_at = 0;
  std::optional<std::int64_t> edited_at = {};
  std::int64_t revision = 0;
  std::int64_t changed_at = 0;
  UserId changed_by;
  std::optional<std::int64_t> deleted_at = {};
  Text text;
};

struct CommentDraft {
  std::string body;
  std::optional<CommentId> parent = {};
};

// A text of a post, as it is or was.
struct Revision {
  std::int64_t number = 0;
  std::string title, body;
  UserId editor;
  std::int64_t created_at = 0;
};

struct VoteCount {
  std::int64_t likes = 0;
  std::int64_t dislikes = 0;
};

// What a write made or found: a repeated local_id creates nothing.
template <class T>
struct Created {
  T value;
  bool fresh = true;
};

}  // namespace stoa::posts
