// The C++ wrapper of stoa.h: header-only C++17, compiled into each plugin. Nothing of it crosses the
// boundary.
#pragma once

#include "stoa/app.hpp"
#include "stoa/host.hpp"
#include "stoa/id.hpp"
#include "stoa/request.hpp"
#include "stoa/result.hpp"
#include "stoa/storage.hpp"
#include "stoa/time.hpp"
