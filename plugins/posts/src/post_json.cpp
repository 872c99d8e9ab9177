#include "post_json.hpp"

#include <algorithm>

#include "stored_lists.hpp"

namespace stoa::posts {
namespace {

void write_category(Json& json, const Category& category) {
  json.begin_object()
      .field("id", category.id)
      .field("slug", category.slug)
      .field("name", category.name)
      .field("description", category.description)
      .field("color", category.color)
      .field("position", category.position)
      .field("post_count", category.post_count)
      .end_object();
}

void write_local_id(Json& json, const std::optional<std::string>& local_id) {
  if (local_id) json.field("local_id", *local_id);
}

}  // namespace

std::string category_json(const Category& category) {
  Json json;
  write_category(json, category);
  return json.take();
}

std::string categories_json(const std::vector<Category>& categories) {
  Json json;
  json.begin_object().key("items").begin_array();
  for (const Category& category : categories) write_category(json, category);
  return json.end_array().end_object().take();
}

void write_summary(Json& json, const Post& post, const Surroundings& around) {
  json.field("id", post.id)
      .field("slug", post.slug)
      .field("title", post.title)
      .field("excerpt", post.excerpt);
  json.key("author");
  write_person(json, around.names, post.author);
  json.key("categories").begin_array();
  for (const CategoryId id : stored_ids(post.category_ids)) {
    const auto category = std::find_if(around.categories.begin(), around.categories.end(),
                                       [&](const Category& one) { return one.id == id; });
    if (category == around.categories.end()) continue;
    json.begin_object()
        .field("id", category->id)
        .field("slug", category->slug)
        .field("name", category->name)
        .field("color", category->color)
        .end_object();
  }
  json.end_array().key("tags").begin_array();
  for (const std::string& tag : stored_tags(post.tags)) json.value(tag);
  json.end_array()
      .field("comment_count", post.comment_count)
      .field("likes", post.likes)
      .field("dislikes", post.dislikes)
      .time_field("created_at", post.created_at)
      .time_field("last_activity_at", post.last_activity_at)
      .field("pinned", post.pinned)
      .field("locked", post.locked);
}

std::string summaries_json(const std::vector<Post>& posts, const Surroundings& around) {
  Json json;
  json.begin_array();
  for (const Post& post : posts) {
    json.begin_object();
    write_summary(json, post, around);
    json.end_object();
  }
  return json.end_array().take();
}

std::string post_json(const FullPost& full, const Surroundings& around,
                      const std::optional<std::string>& local_id) {
  Json json;
  json.begin_object();
  write_summary(json, full.post, around);
  json.field("body", full.text.body)
      .field("html", full.text.html)
      .time_field("edited_at", full.post.edited_at)
      .field("revision", full.post.revision);
  write_local_id(json, local_id);
  return json.end_object().take();
}

void write_comment(Json& json, const Comment& comment, const Names& names,
                   const std::optional<std::string>& local_id) {
  const bool deleted = comment.deleted_at.has_value();
  json.field("id", comment.id)
      .field("post_id", comment.post)
      .field("parent_id", comment.parent)
      .field("depth", comment.depth)
      .key("author");
  if (deleted) {
    json.value(nullptr);
  } else {
    write_person(json, names, comment.author);
  }
  json.field("body", deleted ? std::string_view() : comment.text.body)
      .field("html", deleted ? std::string_view() : comment.text.html)
      .field("likes", comment.likes)
      .field("dislikes", comment.dislikes)
      .time_field("created_at", comment.created_at)
      .time_field("edited_at", comment.edited_at)
      .field("deleted", deleted)
      .field("revision", comment.revision);
  write_local_id(json, local_id);
}

std::string comments_json(const std::vector<Comment>& comments, const Names& names) {
  Json json;
  json.begin_array();
  for (const Comment& comment : comments) {
    json.begin_object();
    write_comment(json, comment, names);
    json.end_object();
  }
  return json.end_array().take();
}

std::string comment_json(const Comment& comment, const Names& names,
                         const std::optional<std::string>& local_id) {
  Json json;
  json.begin_object();
  write_comment(json, comment, names, local_id);
  return json.end_object().take();
}

std::string revisions_json(const std::vector<Revision>& revisions, const Names& names) {
  Json json;
  json.begin_array();
  for (const Revision& revision : revisions) {
    json.begin_object()
        .field("revision", revision.number)
        .field("title", revision.title)
        .field("body", revision.body)
        .key("editor");
    write_person(json, names, revision.editor);
    json.time_field("created_at", revision.created_at).end_object();
  }
  return json.end_array().take();
}

}  // namespace stoa::posts
