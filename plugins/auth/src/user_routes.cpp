#include "user_routes.hpp"

#include "names.hpp"
#include "profile_fields.hpp"
#include "profile_json.hpp"
#include "stoa/list.hpp"
#include "web.hpp"

namespace stoa::auth {

namespace {

constexpr TextRule kReasonRule{0, 500};

// The items of a page and where the next one begins. One more than `limit` was asked for.
template <class Write>
std::string items_of(std::vector<Account>& accounts, std::int64_t limit, std::optional<Place>& next,
                     Write&& write) {
  if (static_cast<std::int64_t>(accounts.size()) > limit) {
    accounts.resize(static_cast<std::size_t>(limit));
    next = Place{{accounts.back().id.value}};
  }
  Json items;
  items.begin_array();
  for (const Account& account : accounts) items.raw(write(account));
  return items.end_array().take();
}

UserId start_of(const ListQuery& query) {
  return query.after ? UserId{query.after->keys[0]} : UserId{};
}

}  // namespace

void UserRoutes::add() {
  app_.get("/api/v1/users/me", Auth::user, [this](Request& r) { return me(r); });
  app_.patch("/api/v1/users/me", Auth::user, [this](Request& r) { return change_me(r); });
  app_.get("/api/v1/users/{nickname}", Auth::none, [this](Request& r) { return profile(r); });
  app_.get("/api/v1/users", Auth::none, [this](Request& r) { return search(r); });
  const Auth admin = Auth::permitted(kAdminPermission);
  app_.get("/api/v1/admin/users", admin, [this](Request& r) { return admin_list(r); });
  app_.patch("/api/v1/admin/users/{id:int}", admin, [this](Request& r) { return admin_change(r); });
}

Response UserRoutes::me(Request& request) {
  const auto account = accounts_.find(request.require_user().id);
  if (!account) return account.error();
  return json(200, own_profile(*account));
}

Response UserRoutes::change_me(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  ProfileChange change;
  std::vector<FieldError> faults;
  const auto text_change = [&](std::string_view name, TextRule rule) {
    return Change<std::string>{fields->has(name), filled(fields->optional_text(name, rule))};
  };
  change.first_name = text_change("first_name", kNameRule);
  change.last_name = text_change("last_name", kNameRule);
  change.gender = text_change("gender", kGenderRule);
  change.age = {fields->has("age"), fields->optional_integer("age", kYoungest, kOldest)};
  change.avatar_url = text_change("avatar_url", {0, 500});
  if (change.avatar_url.value && !is_picture_url(*change.avatar_url.value))
    faults.push_back({"/avatar_url", "invalid", "must be an https:// address"});
  if (fields->has("bio")) change.bio = fields->optional_text("bio", kBioRule).value_or("");
  if (fields->has("email")) {
    change.email = fields->text("email", {0, 400});
    if (!is_email(*change.email)) faults.push_back({"/email", "invalid", "is not an e-mail address"});
  }
  if (auto ok = finish(*fields, faults); !ok) return ok.error();
  const auto account = accounts_.change_profile(request.require_user().id, change);
  if (!account) return account.error();
  return json(200, own_profile(*account));
}

Response UserRoutes::profile(Request& request) {
  const auto seen = accounts_.look_up(request.param("nickname"));
  if (!seen) return seen.error();
  return json(200, public_profile(seen->account))
      .shared({"user:" + std::to_string(seen->account.id.value)}, seen->seq);
}

Response UserRoutes::search(Request& request) {
  const auto query = list_query(request, 1);
  if (!query) return query.error();
  auto page = accounts_.list(request.query("q").value_or(""), start_of(*query), query->limit + 1);
  if (!page) return page.error();
  std::optional<Place> next;
  const std::string items = items_of(page->accounts, query->limit, next, &public_profile);
  return list_response(request, items, next).shared({"users"}, page->seq);
}

Response UserRoutes::admin_list(Request& request) {
  const auto query = list_query(request, 1);
  if (!query) return query.error();
  auto page = accounts_.list(request.query("q").value_or(""), start_of(*query), query->limit + 1);
  if (!page) return page.error();
  std::optional<Place> next;
  const std::string items = items_of(page->accounts, query->limit, next, &admin_profile);
  return list_response(request, items, next);
}

Response UserRoutes::admin_change(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  AdminChange change;
  std::vector<FieldError> faults;
  if (const auto text = fields->optional_text("role", {1, 32})) {
    change.role = role_of(*text);
    if (!change.role) faults.push_back({"/role", "invalid", "must be member, moderator or admin"});
  }
  change.suspended_until.asked = fields->has("suspended_until");
  if (const auto text = fields->optional_text("suspended_until", {1, 64})) {
    change.suspended_until.value = parse_rfc3339(*text);
    if (!change.suspended_until.value)
      faults.push_back({"/suspended_until", "invalid", "must be a time such as 2026-11-22T09:57:48Z"});
  }
  change.suspension_reason = {fields->has("suspension_reason"),
                              filled(fields->optional_text("suspension_reason", kReasonRule))};
  if (auto ok = finish(*fields, faults); !ok) return ok.error();
  const auto account = accounts_.change_as_admin(request.id<UserId>("id"), change);
  if (!account) return account.error();
  return json(200, admin_profile(*account));
}

}  // namespace stoa::auth
