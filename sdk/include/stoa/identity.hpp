// Who the users are, from the provider of stoa.identity/1. Answers from memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "stoa/app.hpp"
#include "stoa/services/identity.h"

namespace stoa {

struct Profile {
  UserId id;
  Role role = Role::none;
  std::string nickname;
  std::string avatar_url;
  std::int64_t created_at_ms = 0;
  bool suspended = false;
};

// [any-thread, from start on] Each call takes and gives back a lease.
class Identity {
 public:
  explicit Identity(const detail::Host& host) : host_(host) {}

  // Unknown ids are missing from the answer.
  Result<std::unordered_map<UserId, Profile>> lookup(const std::vector<UserId>& ids) const {
    std::vector<std::int64_t> c;
    for (UserId id : ids) c.push_back(id.value);
    std::unordered_map<UserId, Profile> found;
    auto done = with([&](const stoa_identity_v1& table) {
      return table.lookup(table.self, c.data(), c.size(), &found, [](void* out, const stoa_profile* p) {
        static_cast<std::unordered_map<UserId, Profile>*>(out)->emplace(UserId{p->id}, from_c(*p));
      });
    });
    if (!done) return done.error();
    return found;
  }
  Result<std::optional<Profile>> lookup(UserId id) const {
    auto found = lookup(std::vector<UserId>{id});
    if (!found) return found.error();
    auto entry = found->find(id);
    return entry == found->end() ? std::optional<Profile>()
                                 : std::optional<Profile>(std::move(entry->second));
  }
  // By nickname, ignoring case; unknown ones are left out.
  Result<std::vector<Profile>> find(const std::vector<std::string>& nicknames) const {
    std::vector<stoa_str> c;
    for (const std::string& nickname : nicknames) c.push_back(detail::str(nickname));
    std::vector<Profile> found;
    auto done = with([&](const stoa_identity_v1& table) {
      return table.find(table.self, c.data(), c.size(), &found, &append);
    });
    if (!done) return done.error();
    return found;
  }
  // Alphabetically after that nickname.
  Result<std::vector<Profile>> list(std::string_view after, std::size_t limit) const {
    std::vector<Profile> found;
    auto done = with([&](const stoa_identity_v1& table) {
      return table.list(table.self, detail::str(after), limit, &found, &append);
    });
    if (!done) return done.error();
    return found;
  }

 private:
  static Profile from_c(const stoa_profile& p) {
    const bool has_flags = p.size >= offsetof(stoa_profile, flags) + sizeof p.flags;
    return Profile{{p.id},
                   static_cast<Role>(p.role),
                   std::string(detail::view(p.nickname)),
                   std::string(detail::view(p.avatar_url)),
                   p.created_at_ms,
                   has_flags && (p.flags & STOA_PROFILE_SUSPENDED) != 0};
  }
  static void append(void* out, const stoa_profile* p) {
    static_cast<std::vector<Profile>*>(out)->push_back(from_c(*p));
  }

  template <class F>
  Result<void> with(F&& use) const {
    const void* table = nullptr;
    stoa_lease lease = 0;
    stoa_status status = host_.services->acquire(host_.ctx, detail::str(STOA_IDENTITY_ID),
                                                 STOA_IDENTITY_V1_SIZE_1_0, &table, &lease);
    if (status != STOA_OK) return host_.error(status);
    status = use(*static_cast<const stoa_identity_v1*>(table));
    host_.services->release(host_.ctx, lease);
    return host_.check(status);
  }
  const detail::Host& host_;
};

}  // namespace stoa
