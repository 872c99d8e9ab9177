#include "registration_routes.hpp"

#include "password_rules.hpp"
#include "profile_fields.hpp"
#include "web.hpp"

namespace stoa::auth {

namespace {
// Hashing waits its turn.
constexpr std::uint32_t kDeadlineMs = 30'000;
}  // namespace

RegistrationRoutes::RegistrationRoutes(App& app, AccountService& accounts, SetupLink& setup,
                                       PasswordPool& pool, std::function<bool()> secure)
    : app_(app), accounts_(accounts), setup_(setup), pool_(pool), secure_(std::move(secure)) {}

void RegistrationRoutes::add() {
  RouteOptions options = App::json_body();
  options.deadline_ms = kDeadlineMs;
  options.open = true;
  app_.post(
      "/api/v1/auth/register", Auth::none, [this](Request& r) { return enrol(r); }, options);
  // The address that is announced, and the same one among the others for programs.
  for (const char* pattern : {"/setup", "/api/v1/setup"}) {
    app_.post(
        pattern, Auth::none, [this](Request& r) { return set_up(r); }, options);
  }
}

Response RegistrationRoutes::enrol(Request& request) {
  if (auto allowed = accounts_.registration_allowed(); !allowed) return allowed.error();
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  Registration wanted;
  wanted.first_name = filled(fields->optional_text("first_name", kNameRule));
  wanted.last_name = filled(fields->optional_text("last_name", kNameRule));
  wanted.age = fields->optional_integer("age", kYoungest, kOldest);
  wanted.gender = filled(fields->optional_text("gender", kGenderRule));
  return create(request, *fields, std::move(wanted));
}

Response RegistrationRoutes::set_up(Request& request) {
  auto fields = Fields::parse(request.body());
  if (!fields) return fields.error();
  const auto* token = fields->take("token");
  const bool fits = token && token->IsString() &&
                    setup_.fits(std::string_view(token->GetString(), token->GetStringLength()));
  if (!fits) return not_found();
  const auto done = accounts_.is_set_up();
  if (!done) return done.error();
  if (*done) return not_found();
  Registration wanted;
  wanted.origin = Origin::setup;
  wanted.role = Role::admin;
  return create(request, *fields, std::move(wanted));
}

Response RegistrationRoutes::create(Request& request, Fields& fields, Registration wanted) {
  wanted.nickname = fields.text("nickname", {0, 200});
  wanted.email = fields.text("email", {0, 400});
  wanted.password = secret_text(fields, "password", kPasswordMax);
  if (auto ok = finish(fields, accounts_.faults(wanted)); !ok) return ok.error();
  if (auto free = accounts_.available(wanted); !free) return free.error();
  return on_pool(app_.host(), request, pool_,
                 [this, wanted = std::move(wanted), caller = caller_of(request)]() -> Response {
                   const auto done = accounts_.create(wanted, caller);
                   if (!done) return done.error();
                   if (wanted.origin == Origin::setup) setup_.use_up();
                   return signed_in(201, *done, secure_());
                 });
}

}  // namespace stoa::auth
