// Who a token belongs to, asked of whoever provides stoa.identity/1.
#pragma once

#include <optional>
#include <string_view>

#include "plugins/call.hpp"
#include "plugins/request.hpp"

namespace stoa::core::host {

// [any-thread but I/O] nullopt: a bad, expired or revoked token, or nobody provides the service.
std::optional<plugins::Principal> authenticate(const plugins::SnapshotSource& snapshot,
                                               std::string_view access_token);

}  // namespace stoa::core::host
