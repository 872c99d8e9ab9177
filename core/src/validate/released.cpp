#include "validate/released.hpp"

#include "stoa/stoa.h"

namespace stoa::core::validate {

const std::vector<ReleasedTable>& released_tables() {
  static const std::vector<ReleasedTable> all = {
      {STOA_LOG_ID, {}},      {STOA_CONFIG_ID, {}}, {STOA_ROUTES_ID, {}},      {STOA_HOOKS_ID, {}},
      {STOA_STORAGE_ID, {}},  {STOA_EVENTS_ID, {}}, {STOA_REALTIME_ID, {}},    {STOA_SERVICES_ID, {}},
      {STOA_CLOCK_ID, {}},    {STOA_RANDOM_ID, {}}, {STOA_PERMISSIONS_ID, {}}, {STOA_UI_ID, {}},
      {STOA_COMMANDS_ID, {}}, {STOA_JOBS_ID, {}},   {STOA_METRICS_ID, {}},
  };
  return all;
}

}  // namespace stoa::core::validate
