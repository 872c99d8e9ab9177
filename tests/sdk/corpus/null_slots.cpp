// A description without the calls it must have, and with a migration that is none.
#include "skeleton.hpp"

namespace {
const stoa_migration* const migrations[] = {nullptr};
}

BAD_PLUGIN([] {
  stoa_plugin_desc out = stoa_generated_desc;
  out.migrations = migrations;
  out.migration_count = 1;
  return out;
}())
