#include "pages.hpp"

#include <string>

#include "profile_json.hpp"
#include "stoa/html.hpp"
#include "stoa/json.hpp"

namespace stoa::auth {

namespace {

// The first 200 characters on one line.
std::string shortened(std::string_view text) {
  std::string out;
  std::size_t characters = 0;
  for (char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0u) != 0x80u && ++characters > 200) return out + "…";
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

Result<Page> profile_page(AccountService& accounts, const Request& request) {
  const auto seen = accounts.look_up(request.param("nickname"));
  if (!seen) return seen.error();
  const Account& account = seen->account;
  const std::string name = html_escaped(account.nickname);
  Page page;
  page.title = account.nickname;
  page.description =
      account.bio.empty() ? "The profile of " + account.nickname + "." : shortened(account.bio);
  page.canonical = "/u/" + account.nickname;
  page.html = "<article><h1>" + name + "</h1>";
  if (!account.bio.empty()) page.html += "<p>" + html_escaped(account.bio) + "</p>";
  const std::string joined = rfc3339(account.created_at);
  page.html +=
      "<p>Member since <time datetime=\"" + joined + "\">" + joined.substr(0, 10) + "</time></p></article>";
  page.payload = public_profile(account);
  page.tags = {"user:" + std::to_string(account.id.value)};
  page.seq = seen->seq;
  return page;
}

void add_plain(App& app, std::string_view pattern, std::string_view name, std::string title) {
  app.page(pattern, name, [title = std::move(title)](Request&) -> Result<Page> {
    Page page;
    page.title = title;
    page.html = "<h1>" + html_escaped(title) + "</h1><noscript><p>This page needs JavaScript.</p></noscript>";
    return page;
  });
}

}  // namespace

void add_pages(App& app, AccountService& accounts) {
  app.page("/u/{nickname}", "auth.profile",
           [&accounts](Request& request) { return profile_page(accounts, request); });
  add_plain(app, "/login", "auth.login", "Log in");
  add_plain(app, "/register", "auth.register", "Create an account");
  add_plain(app, "/settings", "auth.settings", "Settings");
  add_plain(app, "/setup", "auth.setup", "Set up the forum");
}

}  // namespace stoa::auth
