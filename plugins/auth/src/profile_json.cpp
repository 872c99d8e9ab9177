#include "profile_json.hpp"

namespace stoa::auth {

namespace {

void write_public(Json& json, const Account& account) {
  json.field("id", account.id)
      .field("nickname", account.nickname)
      .field("role", to_string(account.role))
      .field("bio", account.bio);
  if (account.avatar_url.empty()) {
    json.field("avatar_url", nullptr);
  } else {
    json.field("avatar_url", account.avatar_url);
  }
  json.time_field("created_at", account.created_at);
}

void write_own(Json& json, const Account& account) {
  write_public(json, account);
  json.field("email", account.email)
      .field("first_name", account.first_name)
      .field("last_name", account.last_name)
      .field("age", account.age)
      .field("gender", account.gender);
}

}  // namespace

std::string public_profile(const Account& account) {
  Json json;
  json.begin_object();
  write_public(json, account);
  return json.end_object().take();
}

std::string own_profile(const Account& account) {
  Json json;
  json.begin_object();
  write_own(json, account);
  return json.end_object().take();
}

std::string admin_profile(const Account& account) {
  Json json;
  json.begin_object();
  write_own(json, account);
  json.time_field("suspended_until", account.suspended_until)
      .field("suspension_reason", account.suspension_reason);
  return json.end_object().take();
}

}  // namespace stoa::auth
