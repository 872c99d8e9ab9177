#include "notification_routes.hpp"

namespace stoa::notification {
namespace {

constexpr std::size_t kIdsAtOnce = 100;

Response answer(const Result<void>& done) {
  if (!done) return done.error();
  return no_content();
}

std::string to_json(const Preferences& preferences) {
  Json body;
  body.begin_object().key("types").begin_object();
  for (const auto& [type, preference] : preferences) {
    body.key(to_string(type))
        .begin_object()
        .field("in_app", preference.in_app)
        .field("email", preference.email)
        .end_object();
  }
  return body.end_object().end_object().take();
}

std::string_view name_of(const rapidjson::Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

// {"<type>":{"in_app":…,"email":…}}
std::vector<NotificationService::Choice> choices_of(Fields& fields) {
  std::vector<NotificationService::Choice> choices;
  const auto* types = fields.take("types");
  if (!types || !types->IsObject()) {
    fields.reject("types", types ? "type" : "required", "must be an object of types");
    return choices;
  }
  for (auto entry = types->MemberBegin(); entry != types->MemberEnd(); ++entry) {
    const std::string at = "types/" + std::string(name_of(entry->name));
    const auto type = type_of(name_of(entry->name));
    if (!type) {
      fields.reject("types", "unknown", "holds something that is no type of notification");
      continue;
    }
    if (!entry->value.IsObject()) {
      fields.reject(at, "type", "must be an object");
      continue;
    }
    NotificationService::Choice choice{*type, std::nullopt, std::nullopt};
    for (auto field = entry->value.MemberBegin(); field != entry->value.MemberEnd(); ++field) {
      const std::string_view name = name_of(field->name);
      if (name != "in_app" && name != "email") {
        fields.reject(at, "unknown", "takes in_app and email only");
      } else if (!field->value.IsBool()) {
        fields.reject(at + "/" + std::string(name), "type", "must be true or false");
      } else {
        (name == "in_app" ? choice.in_app : choice.email) = field->value.GetBool();
      }
    }
    choices.push_back(choice);
  }
  return choices;
}

}  // namespace

Response NotificationRoutes::list(Request& request) {
  const auto query = list_query(request, 2);
  if (!query) return query.error();
  const std::string_view unread = request.query("unread").value_or("false");
  if (unread != "true" && unread != "false") return detail::bad_parameter("unread", "must be true or false");
  const auto list = service_.list(request.require_user().id, unread == "true", *query);
  if (!list) return list.error();
  Json items;
  items.begin_array();
  for (const View& view : list->items) write_view(items, view, list->people);
  return list_response(request, items.end_array().take(), list->next).at(list->seq);
}

Response NotificationRoutes::unread(Request& request) {
  const auto count = service_.unread(request.require_user().id);
  if (!count) return count.error();
  return json(200, Json().begin_object().field("count", count->unread).end_object().take()).at(count->seq);
}

Response NotificationRoutes::mark_read(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const auto ids = fields->optional_ids("ids", 0, kIdsAtOnce);
  const auto up_to = fields->optional_integer("up_to", 1, Fields::kMaxId);
  const auto all = fields->optional_boolean("all");
  if (all && !*all) fields->reject("all", "invalid", "must be true");
  const int given = fields->has("ids") + fields->has("up_to") + fields->has("all");
  if (given != 1) fields->reject("ids", "required", "exactly one of ids, up_to and all is needed");
  for (const std::string_view name : {"ids", "up_to", "all"}) {
    if (fields->is_null(name)) fields->reject(name, "type", "must not be null");
  }
  if (auto ok = fields->finish(); !ok) return ok.error();

  const UserId me = request.require_user().id;
  if (all) return answer(service_.mark_all_read(me));
  if (up_to) return answer(service_.mark_read_up_to(me, {*up_to}));
  std::vector<NotificationId> marked;
  for (std::int64_t id : *ids) marked.push_back({id});
  return answer(service_.mark_read(me, marked));
}

Response NotificationRoutes::remove(Request& request) {
  return answer(service_.remove(request.require_user().id, request.id<NotificationId>("id")));
}

Response NotificationRoutes::preferences(Request& request) {
  const auto preferences = service_.preferences(request.require_user().id);
  if (!preferences) return preferences.error();
  return json(200, to_json(*preferences));
}

Response NotificationRoutes::choose(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const auto choices = choices_of(*fields);
  if (auto ok = fields->finish(); !ok) return ok.error();
  const auto preferences = service_.choose(request.require_user().id, choices);
  if (!preferences) return preferences.error();
  return json(200, to_json(*preferences));
}

Response NotificationRoutes::subscribe(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const std::string name = fields->text("level", {1, 20, false});
  const auto level = level_of(name);
  if (!level && !name.empty()) fields->reject("level", "invalid", "must be watching, normal or muted");
  if (auto ok = fields->finish(); !ok) return ok.error();
  const std::int64_t post = request.id<Id<struct PostTag>>("post_id").value;
  if (auto ok = service_.subscribe(request.require_user().id, post, *level); !ok) return ok.error();
  return json(200, Json().begin_object().field("post_id", post).field("level", name).end_object().take());
}

}  // namespace stoa::notification
