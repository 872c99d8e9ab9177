// The C++ wrapper of stoa.h: header-only C++17, compiled into each plugin. Nothing of it crosses the
// boundary.
#pragma once

#include "stoa/app.hpp"
#include "stoa/commands.hpp"
#include "stoa/events.hpp"
#include "stoa/hooks.hpp"
#include "stoa/host.hpp"
#include "stoa/html.hpp"
#include "stoa/id.hpp"
#include "stoa/jobs.hpp"
#include "stoa/metrics.hpp"
#include "stoa/pages.hpp"
#include "stoa/realtime.hpp"
#include "stoa/request.hpp"
#include "stoa/result.hpp"
#include "stoa/routes.hpp"
#include "stoa/services.hpp"
#include "stoa/storage.hpp"
#include "stoa/time.hpp"
