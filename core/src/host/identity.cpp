#include "host/identity.hpp"

#include "crash/breadcrumb.hpp"
#include "plugins/boundary.hpp"
#include "stoa/services/identity.h"

namespace stoa::core::host {

std::optional<plugins::Principal> authenticate(const plugins::SnapshotSource& snapshot,
                                               std::string_view access_token) {
  const auto service = plugins::hold_service(snapshot, STOA_IDENTITY_ID);
  if (!service) return std::nullopt;
  const auto& table = *static_cast<const stoa_identity_v1*>(service->table);
  if (table.size < STOA_IDENTITY_V1_SIZE_1_0) return std::nullopt;
  std::optional<plugins::Principal> found;
  const crash::Breadcrumb here(service->call.generation()->id.c_str(), STOA_IDENTITY_ID);
  const stoa_status status = plugins::at_boundary("identity.authenticate", [&] {
    return table.authenticate(
        table.self, plugins::str(access_token), &found, [](void* out, const stoa_principal* p) {
          *static_cast<std::optional<plugins::Principal>*>(out) =
              plugins::Principal{p->user_id, p->role, std::string(plugins::view(p->nickname)),
                                 std::string(plugins::view(p->session_id))};
        });
  });
  if (status != STOA_OK) return std::nullopt;
  return found;
}

}  // namespace stoa::core::host
