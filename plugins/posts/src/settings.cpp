#include "settings.hpp"

#include "stoa/json.hpp"

namespace stoa::posts {

Result<Settings> read_settings(std::string_view json) {
  auto document = parse_json(json);
  if (!document) return document.error();
  if (!document->IsObject()) return Error{ErrorCode::validation, "The settings must be an object."};
  Settings settings;
  const auto take = [&](const char* name, auto& target) {
    const auto member = document->FindMember(name);
    if (member != document->MemberEnd() && member->value.IsInt64() && member->value.GetInt64() >= 0)
      target = static_cast<std::remove_reference_t<decltype(target)>>(member->value.GetInt64());
  };
  take("title_min_length", settings.title_min_length);
  take("title_max_length", settings.title_max_length);
  take("body_max_length", settings.body_max_length);
  take("comment_max_length", settings.comment_max_length);
  take("max_categories", settings.max_categories);
  take("max_tags", settings.max_tags);
  take("tag_max_length", settings.tag_max_length);
  take("silent_edit_s", settings.silent_edit_s);
  take("author_edit_days", settings.author_edit_days);
  take("post_interval_s", settings.post_interval_s);
  take("comment_interval_s", settings.comment_interval_s);
  take("same_text_s", settings.same_text_s);
  take("newcomer_hours", settings.newcomer_hours);
  take("newcomer_posts", settings.newcomer_posts);
  take("newcomer_comments", settings.newcomer_comments);
  if (settings.title_min_length > settings.title_max_length)
    return Error{ErrorCode::validation, "title_min_length is above title_max_length.", "/title_min_length",
                 "out_of_range"};
  return settings;
}

}  // namespace stoa::posts
