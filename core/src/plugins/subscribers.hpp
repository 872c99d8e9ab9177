#pragma once

#include "plugins/generation.hpp"
#include "storage/database.hpp"
#include "storage/event.hpp"

namespace stoa::core::plugins {

// Calls a subscriber of the plugin: with a transaction [writer] a durable one, without [jobs] a live one.
Result<void> apply_event(Generation& owner, const SubscriberEntry& entry, storage::Transaction* transaction,
                         const Event& event);

}  // namespace stoa::core::plugins
