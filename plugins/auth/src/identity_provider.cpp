#include "identity_provider.hpp"

#include "stoa/host.hpp"

namespace stoa::auth {

namespace {

void give(const Member& member, std::int64_t now_ms, void* out, stoa_accept_profile accept) {
  stoa_profile profile{};
  profile.size = sizeof profile;
  profile.role = static_cast<stoa_role>(member.role);
  profile.id = member.id.value;
  profile.nickname = detail::str(member.nickname);
  profile.avatar_url = detail::str(member.avatar_url);
  profile.created_at_ms = member.created_at;
  if (member.is_suspended(now_ms)) profile.flags |= STOA_PROFILE_SUSPENDED;
  accept(out, &profile);
}

template <class F>
stoa_status contained(F&& work) noexcept {
  try {
    return work();
  } catch (...) {
    return STOA_E_INTERNAL;
  }
}

}  // namespace

IdentityProvider::IdentityProvider(const Directory& directory, Clock clock)
    : directory_(directory), clock_(std::move(clock)) {
  table_.size = sizeof table_;
  table_.self = this;
  table_.authenticate = &IdentityProvider::authenticate;
  table_.lookup = &IdentityProvider::lookup;
  table_.find = &IdentityProvider::find;
  table_.list = &IdentityProvider::list;
}

stoa_status IdentityProvider::authenticate(void* self, stoa_str token, void* out,
                                           void (*accept)(void*, const stoa_principal*)) noexcept {
  return contained([&] {
    auto& provider = *static_cast<IdentityProvider*>(self);
    const AccessTokens* tokens = provider.tokens_;
    const std::int64_t now = provider.clock_();
    const auto claims = tokens ? tokens->verify(detail::view(token), now) : std::nullopt;
    if (!claims) return STOA_E_UNAUTHENTICATED;
    const auto present = provider.directory_.present(claims->user, claims->sid, now);
    if (!present) return STOA_E_UNAUTHENTICATED;
    stoa_principal principal{};
    principal.size = sizeof principal;
    principal.role = static_cast<stoa_role>(present->member->role);
    principal.user_id = present->member->id.value;
    principal.nickname = detail::str(present->member->nickname);
    principal.session_id = detail::str(present->session->sid);
    accept(out, &principal);
    return STOA_OK;
  });
}

stoa_status IdentityProvider::lookup(void* self, const std::int64_t* ids, std::size_t count, void* out,
                                     stoa_accept_profile accept) noexcept {
  return contained([&] {
    const auto& provider = *static_cast<IdentityProvider*>(self);
    const std::int64_t now = provider.clock_();
    for (std::size_t i = 0; i < count; ++i) {
      if (const MemberPtr member = provider.directory_.find(UserId{ids[i]})) give(*member, now, out, accept);
    }
    return STOA_OK;
  });
}

stoa_status IdentityProvider::find(void* self, const stoa_str* nicknames, std::size_t count, void* out,
                                   stoa_accept_profile accept) noexcept {
  return contained([&] {
    const auto& provider = *static_cast<IdentityProvider*>(self);
    const std::int64_t now = provider.clock_();
    for (std::size_t i = 0; i < count; ++i) {
      if (const MemberPtr member = provider.directory_.find(detail::view(nicknames[i])))
        give(*member, now, out, accept);
    }
    return STOA_OK;
  });
}

stoa_status IdentityProvider::list(void* self, stoa_str after, std::size_t limit, void* out,
                                   stoa_accept_profile accept) noexcept {
  return contained([&] {
    const auto& provider = *static_cast<IdentityProvider*>(self);
    const std::int64_t now = provider.clock_();
    for (const MemberPtr& member : provider.directory_.list(detail::view(after), limit, now))
      give(*member, now, out, accept);
    return STOA_OK;
  });
}

}  // namespace stoa::auth
