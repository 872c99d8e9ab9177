// The host's tables, one function each, immutable for the whole run.
#pragma once

#include "stoa/stoa.h"

namespace stoa::core::plugins {

const stoa_log_v1* log_table();
const stoa_config_v1* config_table();
const stoa_routes_v1* routes_table();
const stoa_hooks_v1* hooks_table();
const stoa_storage_v1* storage_table();
const stoa_events_v1* events_table();
const stoa_realtime_v1* realtime_table();
const stoa_services_v1* services_table();
const stoa_clock_v1* clock_table();
const stoa_random_v1* random_table();
const stoa_permissions_v1* permissions_table();
const stoa_ui_v1* ui_table();
const stoa_commands_v1* commands_table();
const stoa_jobs_v1* jobs_table();
const stoa_metrics_v1* metrics_table();

}  // namespace stoa::core::plugins
