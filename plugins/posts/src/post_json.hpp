// Posts, comments and categories as the API and the events write them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model.hpp"
#include "people.hpp"
#include "stoa/json.hpp"

namespace stoa::posts {

// What posts show besides themselves.
struct Surroundings {
  std::vector<Category> categories;
  Names names;
};

std::string category_json(const Category& category);
std::string categories_json(const std::vector<Category>& categories);  // {"items":[…]}

// The members of a summary, inside an open object.
void write_summary(Json& json, const Post& post, const Surroundings& around);
std::string summaries_json(const std::vector<Post>& posts, const Surroundings& around);  // an array
std::string post_json(const FullPost& full, const Surroundings& around,
                      const std::optional<std::string>& local_id = {});

// The members of a comment, inside an open object. A deleted one has neither author nor text.
void write_comment(Json& json, const Comment& comment, const Names& names,
                   const std::optional<std::string>& local_id = {});
std::string comments_json(const std::vector<Comment>& comments, const Names& names);  // an array
std::string comment_json(const Comment& comment, const Names& names,
                         const std::optional<std::string>& local_id = {});

std::string revisions_json(const std::vector<Revision>& revisions, const Names& names);  // an array

}  // namespace stoa::posts
