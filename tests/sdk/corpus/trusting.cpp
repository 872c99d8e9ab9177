// Believes that the host has every table and that every call succeeds.
#include "skeleton.hpp"

namespace {
void go(bad::Plugin& plugin, stoa_request* request) {
  plugin.storage->read(
      plugin.ctx,
      [](void* self, stoa_tx* tx) -> stoa_status {
        const auto& storage = *static_cast<bad::Plugin*>(self)->storage;
        const stoa_type type = STOA_TEXT;
        stoa_cursor* cursor = nullptr;
        stoa_value value{};
        int there = 0;
        storage.query(tx, bad::text("SELECT 'a'"), nullptr, 0, &type, 1, &cursor);
        storage.next(cursor, &value, 1, &there);
        const bool right = value.as.text.ptr[0] == 'a';
        storage.close(cursor);
        return right ? STOA_OK : STOA_E_INTERNAL;
      },
      &plugin);
  bad::answer(plugin, request, "{}");
}
}  // namespace

BAD_PLUGIN(bad::description<&go>())
