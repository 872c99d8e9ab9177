/* What the structs of stoa.h were at release 1.0. Nothing here ever changes; what comes later gets a line of its own.
 *
 * A plugin asks stoa_host.get for a table of at least its 1.0 size, so that it works with every 1.x host, and looks with
 * STOA_HAS before it touches a member that came later. Whoever reads a struct of the other side accepts it from its 1.0
 * size on. */
#ifndef STOA_SIZES_H
#define STOA_SIZES_H

#include "stoa/stoa.h"

#define STOA_FIELD_ERROR_SIZE_1_0 STOA_SIZE_TO(stoa_field_error, detail)
#define STOA_ERROR_SIZE_1_0 STOA_SIZE_TO(stoa_error, current)
#define STOA_HOST_SIZE_1_0 STOA_SIZE_TO(stoa_host, last_error)
#define STOA_MIGRATION_SIZE_1_0 STOA_SIZE_TO(stoa_migration, sql)
#define STOA_ASSET_SIZE_1_0 STOA_SIZE_TO(stoa_asset, bytes)
#define STOA_PLUGIN_DESC_SIZE_1_0 STOA_SIZE_TO(stoa_plugin_desc, health)
#define STOA_PRINCIPAL_SIZE_1_0 STOA_SIZE_TO(stoa_principal, session_id)
#define STOA_LOG_V1_SIZE_1_0 STOA_SIZE_TO(stoa_log_v1, announce)
#define STOA_CONFIG_V1_SIZE_1_0 STOA_SIZE_TO(stoa_config_v1, host_value)
#define STOA_ROUTE_SIZE_1_0 STOA_SIZE_TO(stoa_route, self)
#define STOA_RESPONSE_SIZE_1_0 STOA_SIZE_TO(stoa_response, seq)
#define STOA_ROUTES_V1_SIZE_1_0 STOA_SIZE_TO(stoa_routes_v1, allowed)
#define STOA_FILTER_SIZE_1_0 STOA_SIZE_TO(stoa_filter, self)
#define STOA_HOOKS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_hooks_v1, fire)
#define STOA_STORAGE_V1_SIZE_1_0 STOA_SIZE_TO(stoa_storage_v1, on_commit)
#define STOA_NEW_EVENT_SIZE_1_0 STOA_SIZE_TO(stoa_new_event, data)
#define STOA_EVENT_SIZE_1_0 STOA_SIZE_TO(stoa_event, data)
#define STOA_SUBSCRIBER_SIZE_1_0 STOA_SIZE_TO(stoa_subscriber, self)
#define STOA_EVENTS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_events_v1, subscribe)
#define STOA_OPERATION_SIZE_1_0 STOA_SIZE_TO(stoa_operation, message)
#define STOA_CHANNEL_CLAIM_SIZE_1_0 STOA_SIZE_TO(stoa_channel_claim, self)
#define STOA_REALTIME_V1_SIZE_1_0 STOA_SIZE_TO(stoa_realtime_v1, presence)
#define STOA_SERVICES_V1_SIZE_1_0 STOA_SIZE_TO(stoa_services_v1, watch)
#define STOA_CLOCK_V1_SIZE_1_0 STOA_SIZE_TO(stoa_clock_v1, monotonic_ms)
#define STOA_RANDOM_V1_SIZE_1_0 STOA_SIZE_TO(stoa_random_v1, bytes)
#define STOA_PERMISSIONS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_permissions_v1, check)
#define STOA_PAGE_CONTENT_SIZE_1_0 STOA_SIZE_TO(stoa_page_content, seq)
#define STOA_PAGE_SIZE_1_0 STOA_SIZE_TO(stoa_page, self)
#define STOA_UI_V1_SIZE_1_0 STOA_SIZE_TO(stoa_ui_v1, render)
#define STOA_COMMAND_OPTION_SIZE_1_0 STOA_SIZE_TO(stoa_command_option, help)
#define STOA_COMMAND_SIZE_1_0 STOA_SIZE_TO(stoa_command, self)
#define STOA_COMMANDS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_commands_v1, add)
#define STOA_QUEUE_SIZE_1_0 STOA_SIZE_TO(stoa_queue, self)
#define STOA_JOBS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_jobs_v1, stopping)
#define STOA_METRIC_DESC_SIZE_1_0 STOA_SIZE_TO(stoa_metric_desc, bound_count)
#define STOA_METRICS_V1_SIZE_1_0 STOA_SIZE_TO(stoa_metrics_v1, set)

#endif /* STOA_SIZES_H */
