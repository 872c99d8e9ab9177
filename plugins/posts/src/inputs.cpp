#include "inputs.hpp"

#include <algorithm>
#include <charconv>

#include "slug.hpp"

namespace stoa::posts {
namespace {

constexpr std::int64_t kMaxPosition = 1'000'000;
constexpr std::size_t kMaxStates = 100;

TextRule title_rule(const Settings& settings) {
  return {settings.title_min_length, settings.title_max_length};
}
TextRule body_rule(const Settings& settings) {
  return {1, settings.body_max_length, true};
}
TextRule comment_rule(const Settings& settings) {
  return {1, settings.comment_max_length, true};
}
constexpr TextRule kLocalId{1, 64};

std::vector<CategoryId> category_ids(const std::vector<std::int64_t>& values) {
  std::vector<CategoryId> ids;
  for (const std::int64_t value : values) ids.push_back({value});
  return ids;
}

// In lower case (ASCII), each once.
std::optional<std::vector<std::string>> read_tags(Fields& fields, const Settings& settings) {
  auto given = fields.optional_texts("tags", settings.max_tags, {1, settings.tag_max_length});
  if (!given) return std::nullopt;
  std::vector<std::string> tags;
  for (std::size_t i = 0; i < given->size(); ++i) {
    std::string& tag = (*given)[i];
    if (tag.find(',') != std::string::npos)
      fields.reject("tags/" + std::to_string(i), "invalid", "must not contain a comma");
    for (char& c : tag) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(std::move(tag));
  }
  return tags;
}

PostDraft read_draft(Fields& fields, const Settings& settings) {
  PostDraft draft;
  draft.title = fields.text("title", title_rule(settings));
  draft.body = fields.text("body", body_rule(settings));
  draft.categories = category_ids(fields.ids("category_ids", 1, settings.max_categories));
  draft.tags = read_tags(fields, settings).value_or(std::vector<std::string>());
  return draft;
}

CommentDraft read_draft_of_comment(Fields& fields, const Settings& settings) {
  CommentDraft draft;
  draft.body = fields.text("body", comment_rule(settings));
  if (const auto parent = fields.optional_integer("parent_id", 1, Fields::kMaxId))
    draft.parent = CommentId{*parent};
  return draft;
}

// Of a new category and of a change.
void read_category(Fields& fields, CategoryChange& category) {
  category.slug = fields.optional_text("slug", {1, 64});
  if (category.slug && !category.slug->empty() && !is_slug(*category.slug))
    fields.reject("slug", "invalid", "takes lower-case letters, digits and single hyphens between them");
  category.description = fields.optional_text("description", {0, 1'000});
  category.color = fields.optional_text("color", {7, 7});
  if (category.color && category.color->size() == 7) {
    const bool hex = category.color->front() == '#' &&
                     category.color->find_first_not_of("0123456789abcdefABCDEF", 1) == std::string::npos;
    if (!hex) fields.reject("color", "invalid", "must be a colour such as #2563eb");
  }
  category.position = fields.optional_integer("position", 0, kMaxPosition);
}

}  // namespace

Result<NewPost> read_new_post(std::string_view body, const Settings& settings) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  NewPost post{read_draft(*fields, settings), fields->optional_text("local_id", kLocalId)};
  if (auto ok = fields->finish(); !ok) return ok.error();
  return post;
}

Result<PostChange> read_post_change(std::string_view body, const Settings& settings) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  PostChange change;
  change.title = fields->optional_text("title", title_rule(settings));
  change.body = fields->optional_text("body", body_rule(settings));
  if (const auto ids = fields->optional_ids("category_ids", 1, settings.max_categories))
    change.categories = category_ids(*ids);
  change.tags = read_tags(*fields, settings);
  change.pinned = fields->optional_boolean("pinned");
  change.locked = fields->optional_boolean("locked");
  change.revision = fields->integer("revision", 1, Fields::kMaxId);
  if (auto ok = fields->finish(); !ok) return ok.error();
  return change;
}

Result<NewComment> read_new_comment(std::string_view body, const Settings& settings) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  NewComment comment{read_draft_of_comment(*fields, settings), fields->optional_text("local_id", kLocalId)};
  if (auto ok = fields->finish(); !ok) return ok.error();
  return comment;
}

Result<CommentEdit> read_comment_edit(std::string_view body, const Settings& settings) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  CommentEdit edit{fields->text("body", comment_rule(settings)),
                   fields->integer("revision", 1, Fields::kMaxId)};
  if (auto ok = fields->finish(); !ok) return ok.error();
  return edit;
}

Result<CategoryChange> read_new_category(std::string_view body) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  CategoryChange category;
  category.name = fields->text("name", {1, 64});
  read_category(*fields, category);
  if (auto ok = fields->finish(); !ok) return ok.error();
  return category;
}

Result<CategoryChange> read_category_change(std::string_view body) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  CategoryChange change;
  change.name = fields->optional_text("name", {1, 64});
  read_category(*fields, change);
  if (auto ok = fields->finish(); !ok) return ok.error();
  return change;
}

Result<std::string> read_preview(std::string_view body, const Settings& settings) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  std::string text = fields->text("body", {0, settings.body_max_length, true});
  if (auto ok = fields->finish(); !ok) return ok.error();
  return text;
}

Result<std::int64_t> read_vote(std::string_view body) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  const std::int64_t value = fields->integer("value", -1, 1);
  if (auto ok = fields->finish(); !ok) return ok.error();
  return value;
}

Result<CommentId> read_progress(std::string_view body) {
  auto fields = Fields::parse(body);
  if (!fields) return fields.error();
  const CommentId comment{fields->integer("comment_id", 0, Fields::kMaxId)};
  if (auto ok = fields->finish(); !ok) return ok.error();
  return comment;
}

Result<std::vector<PostId>> read_post_ids(const Request& request) {
  std::string_view text = request.query("ids").value_or(std::string_view());
  std::vector<PostId> ids;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const std::string_view part = text.substr(0, comma);
    PostId id;
    const auto read = std::from_chars(part.data(), part.data() + part.size(), id.value);
    if (read.ec != std::errc() || read.ptr != part.data() + part.size() || id.value < 1 ||
        id.value > Fields::kMaxId)
      return bad_query("ids", "must be ids with commas between them");
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    if (ids.size() > kMaxStates) return bad_query("ids", "takes at most 100 ids");
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  if (ids.empty()) return bad_query("ids", "must name at least one post");
  return ids;
}

std::string draft_json(const PostDraft& draft, UserId author) {
  Json json;
  json.begin_object()
      .field("author_id", author)
      .field("title", draft.title)
      .field("body", draft.body)
      .key("category_ids")
      .begin_array();
  for (const CategoryId id : draft.categories) json.value(id);
  json.end_array().key("tags").begin_array();
  for (const std::string& tag : draft.tags) json.value(tag);
  return json.end_array().end_object().take();
}

std::string draft_json(const CommentDraft& draft, UserId author, PostId post) {
  Json json;
  json.begin_object()
      .field("author_id", author)
      .field("post_id", post)
      .field("parent_id", draft.parent)
      .field("body", draft.body);
  return json.end_object().take();
}

Result<PostDraft> read_filtered_post(std::string_view payload, const Settings& settings) {
  auto fields = Fields::parse(payload);
  if (!fields) return fields.error();
  PostDraft draft = read_draft(*fields, settings);
  fields->take("author_id");
  if (auto ok = fields->finish(); !ok) return ok.error();
  return draft;
}

Result<CommentDraft> read_filtered_comment(std::string_view payload, const Settings& settings) {
  auto fields = Fields::parse(payload);
  if (!fields) return fields.error();
  CommentDraft draft = read_draft_of_comment(*fields, settings);
  fields->take("author_id");
  fields->take("post_id");
  if (auto ok = fields->finish(); !ok) return ok.error();
  return draft;
}

Error bad_query(std::string_view name, std::string_view detail) {
  Error error{ErrorCode::validation,
              "The query parameter \"" + std::string(name) + "\" " + std::string(detail) + "."};
  error.fields.push_back({"?" + std::string(name), "invalid", std::string(detail)});
  return error;
}

}  // namespace stoa::posts
