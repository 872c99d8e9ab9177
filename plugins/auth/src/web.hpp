// What the routes of this plugin share: callers, cookies, answers of the password pool.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "accounts.hpp"
#include "password_pool.hpp"
#include "stoa/app.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

inline constexpr std::string_view kAccessCookie = "stoa_access";
inline constexpr std::string_view kRefreshCookie = "stoa_refresh";

Caller caller_of(const Request& request);

// A password or token as it was typed: not trimmed, at most `max` characters. Wrong ones are rejected in
// `fields`.
std::string secret_text(Fields& fields, std::string_view name, std::size_t max);

// finish() of `fields` together with what the rules found wrong with other members.
Result<void> finish(Fields& fields, const std::vector<FieldError>& faults);

// Answers for those who log in and out, with the cookies. `secure`: the forum is reached by https.
Response signed_in(int status, const SignedIn& signed_in, bool secure);
Response signed_out(bool secure);

// Answers the request with what `work` gives on the pool. Error: overloaded.
Response on_pool(const detail::Host& host, Request& request, PasswordPool& pool,
                 std::function<Response()> work);
// The same for a caller who waits.
Result<void> run_on_pool(PasswordPool& pool, const std::function<Result<void>()>& work);

}  // namespace stoa::auth
