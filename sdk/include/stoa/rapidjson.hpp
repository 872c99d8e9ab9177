// RapidJSON as Stoa uses it: failed assertions throw, so that a wrong access is an error and not a crash. The
// one place that includes it; strict parsing is in json.hpp.
#pragma once

#include <stdexcept>

#ifdef RAPIDJSON_RAPIDJSON_H_
#error "include stoa/rapidjson.hpp before any RapidJSON header"
#endif
#define RAPIDJSON_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("RapidJSON: " #condition))
#define RAPIDJSON_HAS_STDSTRING 1
// RAPIDJSON_SSE2 and its like stay off: in 1.1.0 they take the control characters 0x1A to 0x1F for plain
// ones, reading and writing. What is written often has its own way, Json::value.

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
