// Reads a table of the host and writes into one of another plugin.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  struct Call {
    bad::Plugin& plugin;
  } call{plugin};
  plugin.storage->read(
      plugin.ctx,
      [](void* self, stoa_tx* tx) -> stoa_status {
        const stoa_type type = STOA_INTEGER;
        stoa_cursor* cursor = nullptr;
        const auto& storage = *static_cast<Call*>(self)->plugin.storage;
        const stoa_status status =
            storage.query(tx, bad::text("SELECT count(*) FROM core_event"), nullptr, 0, &type, 1, &cursor);
        if (status == STOA_OK) storage.close(cursor);
        return status;
      },
      &call);
  const stoa_status written = plugin.storage->write(
      plugin.ctx,
      [](void* self, stoa_tx* tx) -> stoa_status {
        return static_cast<Call*>(self)->plugin.storage->exec(tx, bad::text("DELETE FROM auth_user"), nullptr,
                                                              0, nullptr);
      },
      &call);
  bad::answer(plugin, request, written == STOA_OK ? R"({"deleted":true})" : R"({"deleted":false})");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
