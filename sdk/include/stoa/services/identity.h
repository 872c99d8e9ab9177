/* stoa.identity/1: who a token belongs to, and who the users are. Provided by the auth plugin; the host uses it to
 * authenticate requests and sockets. Every function: [any-thread], from memory, without storage. */
#ifndef STOA_SERVICES_IDENTITY_H
#define STOA_SERVICES_IDENTITY_H

#include "stoa/stoa.h"

#ifdef __cplusplus
extern "C" {
#endif

#define STOA_IDENTITY_ID "stoa.identity/1"

/* The public face of a user. */
typedef struct stoa_profile {
  uint32_t size;
  stoa_role role;
  int64_t id;
  stoa_str nickname;
  stoa_str avatar_url; /* empty: none */
  int64_t created_at_ms;
  uint32_t flags; /* STOA_PROFILE_* */
  uint32_t reserved;
} stoa_profile;
enum { STOA_PROFILE_SUSPENDED = 1u << 0 /* may not log in now: not to be written to */ };

typedef void (*stoa_accept_profile)(void* out, const stoa_profile* profile);

typedef struct stoa_identity_v1 {
  uint32_t size;
  uint32_t reserved;
  void* self; /* first argument of every function */
  /* STOA_OK after one call of `accept`; STOA_E_UNAUTHENTICATED for a token that is bad, expired, revoked, or whose user is
   * suspended. */
  stoa_status (*authenticate)(void* self, stoa_str access_token, void* out,
                              void (*accept)(void* out, const stoa_principal* principal));
  /* `accept` for each known id, in the order asked; unknown ones are left out. */
  stoa_status (*lookup)(void* self, const int64_t* ids, size_t count, void* out, stoa_accept_profile accept);
  /* The same by nickname, ignoring case. */
  stoa_status (*find)(void* self, const stoa_str* nicknames, size_t count, void* out, stoa_accept_profile accept);
  /* Everybody who can be written to, by nickname ignoring case, after `after` (empty: from the first), at most `limit`. */
  stoa_status (*list)(void* self, stoa_str after, size_t limit, void* out, stoa_accept_profile accept);
} stoa_identity_v1;

/* What to ask stoa_services_v1.acquire for, see stoa/sizes.h. */
#define STOA_IDENTITY_V1_SIZE_1_0 STOA_SIZE_TO(stoa_identity_v1, list)

#ifdef __cplusplus
}
#endif

#endif /* STOA_SERVICES_IDENTITY_H */
